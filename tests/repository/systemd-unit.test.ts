import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { usageError } from "../../packages/cli/src/usage-error.ts";
import { textOf } from "../fixtures/repository.ts";

const unit = textOf("deploy/systemd/sealcast.service");

test("the systemd unit starts the server with arguments that the command accepts", async () => {
  const [, line = ""] = /^ExecStart=\/usr\/bin\/env sealcast (.+)$/m.exec(unit) ?? [];
  expect(line).toMatch(/^start /);
  expect(await usageError(line.split(" "))).toBeUndefined();
});

test("the systemd unit waits longer for the end than the server drains by default", () => {
  const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unit) ?? [];
  expect(Number(seconds)).toBeGreaterThan(5);
});

test.each(["deploy/systemd/sealcast.service", "deploy/docker/Dockerfile"])(
  "%s starts Node.js with options that it accepts from the environment",
  (file) => {
    const [, options] = /^(?:ENV |Environment=)NODE_OPTIONS=(\S+)$/m.exec(textOf(file)) ?? [];
    expect(options).toBeDefined();
    const { status } = spawnSync(process.execPath, ["--version"], { env: { NODE_OPTIONS: options } });
    expect(status).toBe(0);
  },
);

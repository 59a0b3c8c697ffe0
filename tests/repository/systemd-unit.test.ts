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

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sealcast as Client, whenSubscribed } from "@sealcast/client";
import { generateMasterKey, Sealcast } from "@sealcast/server-sdk";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { WebhookReceiver } from "../fixtures/webhook-receiver.ts";
import { root } from "../fixtures/repository.ts";

const isLinux = process.platform === "linux";
let folder: string;
let executable: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sealcast-binary-"));
  executable = join(folder, "sealcast");
  if (isLinux) execFileSync(process.execPath, ["scripts/binary.mjs", executable], { cwd: root });
}, 180_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Environment of a machine without Node.js. */
function environment(cache = "cache"): Record<string, string> {
  return { PATH: "/nonexistent", HOME: folder, XDG_CACHE_HOME: join(folder, cache) };
}

/** Runs a command that prints the version. */
function versionOf(env: Record<string, string>): string {
  return execFileSync(executable, ["--version"], { env, encoding: "utf8" });
}

/** Starts a server and returns its port when it accepts connections. */
async function start(program: string, args: readonly string[], env = environment()): Promise<[ChildProcess, number]> {
  const child = spawn(program, ["start", "--port", "0", ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  return new Promise((resolve, reject) => {
    child.stdout.on("data", (part: Buffer) => {
      output += part.toString();
      const port = /URL +http:\/\/\S+:(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve([child, Number(port)]);
    });
    child.once("close", () => reject(new Error("It ended")));
    child.stderr.resume();
  });
}

describe.skipIf(!isLinux)("the single executable", () => {
  test("runs commands on a machine without Node.js, and unpacks its files once, for its user only", () => {
    expect(versionOf(environment("once"))).toMatch(/^\d+\.\d+\.\d+\n$/);
    const unpacked = join(folder, "once/sealcast");
    const [id = "", ...others] = readdirSync(unpacked);
    expect(others).toEqual([]);
    const { mode, ino } = statSync(join(unpacked, id));
    expect(mode & 0o77).toBe(0);
    versionOf(environment("once"));
    expect(readdirSync(unpacked)).toEqual([id]);
    expect(statSync(join(unpacked, id)).ino).toBe(ino);
  });

  test("does not run files that others could have written", () => {
    const env = environment("shared");
    versionOf(env);
    const unpacked = join(folder, "shared/sealcast");
    const [id = ""] = readdirSync(unpacked);
    execFileSync("chmod", ["0777", join(unpacked, id)]);
    writeFileSync(join(unpacked, id, "app/sealcast.js"), "console.log('theirs')");
    expect(versionOf(env)).not.toContain("theirs");
  });

  test("runs without a place for its files, and leaves nothing in the temporary folder", () => {
    const env = { ...environment(), XDG_CACHE_HOME: "/dev/null/nowhere", TMPDIR: mkdtempSync(join(folder, "tmp-")) };
    expect(versionOf(env)).toMatch(/^\d/);
    expect(readdirSync(env.TMPDIR)).toEqual([]);
  });

  test("serves: an encrypted event, the console, and a webhook from its queue on disk", async () => {
    const receiver = await WebhookReceiver.start();
    onTestFinished(() => receiver.close());
    const app = { id: "1001", key: "app-key", secret: "app-secret" };
    const webhooks = [{ url: receiver.url(), events: ["channel_occupied"] }];
    const config = join(folder, "sealcast.json");
    writeFileSync(
      config,
      JSON.stringify({ drainSeconds: 0, allowPrivateWebhookTargets: true, apps: [{ ...app, webhooks }] }),
    );
    const [server, port] = await start(executable, ["--config", config]);
    const page = await fetch(`http://127.0.0.1:${port}/console`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<!doctype html>")]);
    const api = Sealcast.forURL(`http://app-key:app-secret@127.0.0.1:${port}/apps/1001`, {
      encryptionMasterKeyBase64: generateMasterKey(),
    });
    const client = new Client("app-key", {
      url: `http://127.0.0.1:${port}`,
      channelAuthorization: {
        customHandler: ({ channelName, socketId }) => Promise.resolve(api.authorizeChannel(socketId, channelName)),
      },
    });
    onTestFinished(() => client.disconnect());
    const channel = await whenSubscribed(client.subscribe("private-encrypted-orders"));
    const received = new Promise((resolve) => channel.bind("paid", resolve));
    await api.trigger("private-encrypted-orders", "paid", { order: 7 });
    expect(await received).toEqual({ order: 7 });
    await expect.poll(() => receiver.events.map(({ name }) => name)).toContain("channel_occupied");
    server.kill("SIGTERM");
    expect(await once(server, "close")).toEqual([0, null]);
  }, 30_000);
});

describe.skipIf(!isLinux || !existsSync("/usr/bin/dpkg-deb"))("the Debian package", () => {
  test("unpacks to a command that serves, and a unit that starts it", async () => {
    execFileSync(process.execPath, ["scripts/debian-package.mjs", folder, "none"], { cwd: root });
    const [name = ""] = readdirSync(folder).filter((entry) => entry.endsWith(".deb"));
    const tree = join(folder, "installed");
    execFileSync("dpkg-deb", ["-x", join(folder, name), tree]);
    const unit = readFileSync(join(tree, "lib/systemd/system/sealcast.service"), "utf8");
    expect(unit).toMatch(/^ExecStart=\/usr\/bin\/sealcast start /m);
    const fields = execFileSync("dpkg-deb", ["--field", join(folder, name)], { encoding: "utf8" });
    const { version } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8")) as {
      version: string;
    };
    expect(fields).toContain(`Version: ${version}\n`);
    for (const script of ["postinst", "prerm", "postrm"]) {
      execFileSync("sh", ["-n", join(root, "deploy/debian", script)]);
    }
    const [server, port] = await start(join(tree, "usr/bin/sealcast"), []);
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    server.kill("SIGTERM");
    await once(server, "close");
  }, 60_000);
});

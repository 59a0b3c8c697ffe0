import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type * as sealcastExports from "@sealcast/client";
import type { Pusher as PusherClass } from "@sealcast/client/pusher-js";
import { startServer, type TestServer } from "@sealcast/server-testing";
import { build, type BuildOptions } from "esbuild";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startAppBackend, type AppBackend } from "../fixtures/app-backend.ts";
import { chromiumPath, launchChromium } from "../fixtures/chromium.ts";
import { root } from "../fixtures/repository.ts";

/** What the script sets in a page. */
declare const Pusher: typeof PusherClass;
declare const sealcast: typeof sealcastExports;

let server: TestServer;
let backend: AppBackend;
/** Below the packages, so that what is not bundled is found. */
let folder: string;
beforeAll(async () => {
  server = await startServer();
  backend = await startAppBackend(server.port);
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
  folder = mkdtempSync(join(root, "node_modules/.cache/runtimes-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await backend.close();
  await server.close();
});

/** Bundles a file as an application's bundler does, and gives the path of the outcome. */
async function bundle(file: string, platform: "node" | "browser"): Promise<string> {
  const outfile = join(folder, `${platform}.mjs`);
  const options: BuildOptions = {
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    conditions: ["@sealcast/source"],
    external: ["ws"],
    format: "esm",
    bundle: true,
  };
  await build({ ...options, platform, outfile });
  return outfile;
}

describe("the client receives encrypted events", () => {
  test.each([
    ["Node.js", process.execPath, [], "node"],
    ["Bun", "bun", [], "browser"],
    ["Deno", "deno", ["run", "--no-config", "--allow-net=127.0.0.1"], "browser"],
  ] as const)("in %s, and lets the program end", async (_, command, options, platform) => {
    const program = await bundle("fixtures/runtime-probe.ts", platform);
    const path = command === process.execPath ? command : join(root, "node_modules/.bin", command);
    const child = spawn(path, [...options, program, server.url, backend.url], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve) => child.on("close", resolve));
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (line === "ready") await backend.pusher.trigger("private-encrypted-runtime", "news", { text: "é😀" });
    }
    expect(lines).toEqual(["ready", '[{"text":"é😀"},{"text":"é😀"}]']);
    expect(await ended).toBe(0);
  });
});

test("require() gives the class of the drop-in", async () => {
  const file = await bundle("../../packages/client/src/compat/pusher-js.ts", "node");
  writeFileSync(
    join(folder, "main.cjs"),
    `const Pusher = require(${JSON.stringify(file)});
     const pusher = new Pusher("key", { cluster: "own", wsHost: "127.0.0.1", wsPort: 9, forceTLS: false });
     console.log(typeof Pusher, typeof pusher.subscribe, Pusher.instances.length);
     pusher.disconnect();`,
  );
  const { stdout } = spawnSync(process.execPath, [join(folder, "main.cjs")], { encoding: "utf8" });
  expect(stdout).toBe("function function 1\n");
});

test.each([
  ["a handler that never answers", "customHandler: () => setTimeout(() => pusher.disconnect(), 10)"],
  [
    "an endpoint that fails",
    `fetch: async () => {
       console.log("asked");
       setTimeout(() => pusher.disconnect(), 10);
       return new Response(null, { status: 503 });
     }`,
  ],
])("%s keeps no program alive once it has disconnected", async (_, channelAuthorization) => {
  const file = await bundle("../../packages/client/src/compat/pusher-js.ts", "node");
  writeFileSync(
    join(folder, "waiting.cjs"),
    `Math.random = () => 0.99;
     const Pusher = require(${JSON.stringify(file)});
     const pusher = new Pusher("app-key", {
       cluster: "own",
       wsHost: "127.0.0.1",
       wsPort: ${server.port},
       forceTLS: false,
       channelAuthorization: { ${channelAuthorization} },
     });
     pusher.subscribe("private-a");
     pusher.connection.bind("disconnected", () => console.log("disconnected"));`,
  );
  const child = spawn(process.execPath, [join(folder, "waiting.cjs")], { timeout: 10_000 });
  onTestFinished(() => void child.kill());
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  expect(await new Promise((resolve) => child.on("close", (code) => resolve(code)))).toBe(0);
  // The last thing that happens: nobody is asked any more.
  expect(lines.at(-1)).toBe("disconnected");
});

test.skipIf(chromiumPath === undefined)("a script tag brings all of it, in one file", async () => {
  const script = join(folder, "sealcast.min.js");
  spawnSync(process.execPath, [join(root, "packages/client/scripts/bundle.mjs"), script], { stdio: "inherit" });
  const pages = { "/": '<!doctype html><script src="/s.js"></script>', "/s.js": readFileSync(script, "utf8") };
  const site = await startAppBackend(server.port, pages);
  const browser = await launchChromium();
  onTestFinished(async () => {
    await browser.close();
    await site.close();
  });
  const page = await browser.newPage();
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto(site.url);
  const received = page.evaluate(
    async ([url, wsPort]) => {
      const pusher = new Pusher("app-key", { cluster: "own", wsHost: "127.0.0.1", wsPort, forceTLS: false });
      const client = new sealcast.Sealcast("app-key", { url });
      const dropIn = pusher.subscribe("private-encrypted-tag");
      const joined = new Promise((resolve) => dropIn.bind("pusher:subscription_succeeded", resolve));
      const modern = await sealcast.whenSubscribed(client.subscribe("private-encrypted-tag"));
      await joined;
      const data = Promise.all(
        [dropIn, modern].map((channel) => new Promise((resolve) => channel.bind("news", resolve))),
      );
      await fetch("/ready");
      return data;
    },
    [server.url, server.port] as const,
  );
  await page.waitForResponse("**/ready");
  await backend.pusher.trigger("private-encrypted-tag", "news", "for both");
  expect(await received).toEqual(["for both", "for both"]);
  expect(loaded).toEqual(["/", "/s.js", "/pusher/auth", "/pusher/auth", "/ready"]);
});

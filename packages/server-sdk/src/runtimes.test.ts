import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startCaptureServer, type CaptureServer } from "./testing/capture-server.ts";
import { probe } from "./testing/runtime-probe.ts";

const entry = fileURLToPath(new URL("testing/runtime-probe.ts", import.meta.url));
const binaries = fileURLToPath(new URL("../../../node_modules/.bin/", import.meta.url));

/** The probe and the library in one file, as an application's bundler makes it. */
async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["@sealcast/source"],
    external: ["node:*"],
  });
  return outputFiles.map(({ text }) => text).join("");
}

const printResult = `
  import { probe } from ${JSON.stringify(entry)};
  const args = globalThis.Deno?.args ?? process.argv.slice(2);
  console.log(JSON.stringify(await probe(Number(args[0]))));
`;
const answerResult = `
  import { probe } from ${JSON.stringify(entry)};
  export default {
    fetch: async (request) => Response.json(await probe(Number(new URL(request.url).searchParams.get("port")))),
  };
`;

describe("the library does the same", () => {
  let server: CaptureServer;
  let folder: string;
  let expected: { readonly result: object; readonly requests: readonly object[] };
  beforeAll(async () => {
    server = await startCaptureServer();
    folder = await mkdtemp(join(tmpdir(), "sealcast-runtimes-"));
    await writeFile(join(folder, "probe.mjs"), await bundle(printResult));
    answerProbe();
    expected = { result: await probe(server.port), requests: summaries() };
  });
  beforeEach(() => answerProbe());
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  /** Three publishes, one query. */
  function answerProbe(): void {
    server.answerWith({}, {}, {}, { body: '{"channels":{"plain":{"user_count":2}}}' });
  }

  /** What arrived, without what differs from time to time. */
  function summaries(): readonly object[] {
    return server
      .takeRequests()
      .map(({ method, url, body }) => ({ method, path: url?.split("?")[0], bytes: body.length }));
  }

  test("in Node.js", () => {
    expect(expected.result).toMatchObject({
      channels: [["plain", { userCount: 2 }]],
      authorization: { shared_secret: "JMVMwytwvR56D8w0WbOOv191H4W/5AJ7TEZDprlHcwA=" },
      webhook: [{ name: "channel_occupied", channel: "my-channel" }],
      unreachable: "network",
    });
    expect(expected.requests).toMatchObject([
      { method: "POST", path: "/apps/3/events" },
      { method: "POST", path: "/apps/3/batch_events" },
      { method: "POST", path: "/apps/3/events" },
      { method: "GET", path: "/apps/3/channels" },
    ]);
  });

  test.each([
    ["Bun", "bun", []],
    ["Deno", "deno", ["run", "--no-config", "--allow-net=127.0.0.1"]],
  ])("in %s", async (_, command, options) => {
    const output = await run(join(binaries, command), [...options, join(folder, "probe.mjs"), `${server.port}`]);
    expect(JSON.parse(output)).toEqual(JSON.parse(JSON.stringify(expected.result)));
    expect(summaries()).toEqual(expected.requests);
  });

  test("in workerd, the runtime of Cloudflare Workers", async () => {
    const contents = await bundle(answerResult);
    const worker = new Miniflare({
      compatibilityDate: "2025-01-01",
      modules: [{ type: "ESModule", path: "worker.mjs", contents }],
    });
    try {
      const answer = await worker.dispatchFetch(`http://localhost/?port=${server.port}`);
      expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(expected.result)));
      expect(summaries()).toEqual(expected.requests);
    } finally {
      await worker.dispose();
    }
  });
});

test("the main entry names no module of Node.js", async () => {
  expect(await bundle('export * from "./index.ts"')).not.toContain("node:");
});

/** Returns what a program prints; rejects with its error output if it fails. */
function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let complaints = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ended with ${code}: ${complaints}`));
    });
  });
}

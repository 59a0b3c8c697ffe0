import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/*
 * Applications test their backends with tools that replace `request` of `node:http`. Each row runs in a process of its own,
 * because such a tool changes the whole process, and the order of loading is what is tested.
 */

const tools: Readonly<Record<string, { readonly load: string; readonly mock: string }>> = {
  "nock 13": {
    load: 'const { default: nock } = await import("nock-13");',
    mock: `nock.disableNetConnect();
      const answer = nock("http://rt.example.com").post(/^\\/apps\\/1\\/events/).reply(200, "{}");`,
  },
  "nock 14": {
    load: 'const { default: nock } = await import("nock");',
    mock: `nock.disableNetConnect();
      const answer = nock("http://rt.example.com").post(/^\\/apps\\/1\\/events/).reply(200, "{}");`,
  },
  "MSW 2": {
    load: 'const { http, HttpResponse } = await import("msw"); const { setupServer } = await import("msw/node");',
    mock: `let seen = 0;
      const server = setupServer(http.post("http://rt.example.com/apps/1/events", () => {
        seen += 1;
        return HttpResponse.json({});
      }));
      server.listen({ onUnhandledRequest: "error" });
      const answer = { isDone: () => seen === 1 };`,
  },
};

const load =
  'const { Sealcast } = await import("./sealcast.mjs"); const { default: Pusher } = await import("./pusher.mjs");';
const use = (library: string): string => `
  const options = { appId: "1", key: "k", secret: "s", host: "rt.example.com", useTLS: false, retries: 0 };
  await new ${library}(options).trigger("a", "e", 1);
  const blocked = await new ${library}({ ...options, host: "other.example.com" })
    .trigger("a", "e", 1).then(() => "sent", () => "blocked");
  console.log(answer.isDone(), blocked);
  process.exit(0);`;

describe("requests are seen by", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sealcast-mocks-"));
    symlinkSync(fileURLToPath(new URL("../../../../node_modules", import.meta.url)), join(folder, "node_modules"));
    for (const [entry, file] of [
      ["../index.ts", "sealcast.mjs"],
      ["../pusher.ts", "pusher.mjs"],
    ] as const) {
      await build({
        entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
        outfile: join(folder, file),
        bundle: true,
        format: "esm",
        platform: "node",
        conditions: ["@sealcast/source"],
      });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(
    Object.keys(tools).flatMap((tool) =>
      ["Sealcast", "Pusher"].flatMap((library) => [
        [tool, library, "before"],
        [tool, library, "after"],
      ]),
    ),
  )("%s, from %s, loaded %s the library", (tool, library, order) => {
    const { load: loadTool, mock } = tools[tool] ?? { load: "", mock: "" };
    const steps = order === "before" ? [loadTool, load] : [load, loadTool];
    const program = join(folder, `${tool}-${library}-${order}.mjs`.replaceAll(" ", "-"));
    writeFileSync(program, [...steps, mock, use(library)].join("\n"));
    expect(execFileSync(process.execPath, [program], { encoding: "utf8" })).toBe("true blocked\n");
  });
});

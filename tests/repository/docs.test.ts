import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import {
  appsVariable,
  commandVariables,
  environmentName,
  fileVariable,
  resolveConfig,
  serverSettings,
} from "@sealcast/server";
import { startServer } from "@sealcast/server-testing";
import { describe, expect, test } from "vitest";
import { usageError } from "../../packages/cli/src/usage-error.ts";
import { filesBelow, manifestOf, root, textOf } from "../fixtures/repository.ts";

const pages = filesBelow().filter((path) => path.endsWith(".md"));
const snippets = pages.flatMap(snippetsOf);

/** A fenced piece of a page. What its language says is done with it: see the tests. */
interface Snippet {
  /** Page and line. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

describe("links", () => {
  test.each(pages)("%s links to files and headings that exist", (page) => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });
});

describe("paths", () => {
  test.each(pages)("%s names files that exist", (page) => {
    const named = [...textOf(page).matchAll(/`((?:packages|tests|examples|scripts|docs|bench)\/[\w./-]+)`/g)];
    expect(named.map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  const sources = filesBelow().map(shortPath);
  test.each(pages)("%s names source files that exist", (page) => {
    const named = [...textOf(page).matchAll(/`([\w./-]+\.(?:ts|tsx|mjs))`/g)].map(([, path = ""]) => path);
    expect(named.filter((path) => sources.every((one) => !one.endsWith(shortPath(path))))).toEqual([]);
  });
});

describe("commands", () => {
  const lines = snippets.filter(({ language }) => language === "sh").flatMap(({ text }) => text.trim().split("\n"));

  test("npm scripts exist", () => {
    const scripts = { ...manifestOf("").scripts, ci: "", install: "" };
    const names = lines.flatMap((line) => /^npm (?:run )?([\w:]+)/.exec(line)?.[1] ?? []);
    expect(names).toContain("start");
    expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test("the sealcast command accepts the arguments that pages show", async () => {
    const commands = lines.flatMap((line) => /^(?:npx )?sealcast ([^>#]*)/.exec(line)?.[1] ?? []);
    expect(commands).not.toEqual([]);
    for (const command of commands)
      expect([command, await usageError(command.trim().split(/ +/))]).toEqual([command, undefined]);
  });
});

describe("environment variables", () => {
  const known = new Set([
    appsVariable,
    fileVariable,
    ...commandVariables,
    ...Object.keys(serverSettings.shape).map(environmentName),
  ]);

  test.each(pages)("%s names variables that the server takes: it refuses others with the same prefix", (page) => {
    const named = [...textOf(page).matchAll(/\bSEALCAST_[A-Z_]+/g)].map(([name]) => name);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("configurations", () => {
  const files = snippets.filter(({ language, text }) => language === "json" && text.includes('"apps"'));

  test.each(files)("$place starts a server", ({ place, text }) => {
    const resolved = resolveConfig({ flags: new Map(), environment: {}, file: { path: place, text } });
    expect(resolved).toMatchObject({ ok: true });
  });
});

describe("programs", () => {
  test.each(snippets.filter(({ language }) => language === "ts" || language === "js"))(
    "$place runs to its end",
    async ({ text }) => {
      const server = await startServer();
      const { code, output } = await run(text, server.port);
      await server.close();
      expect(output).not.toContain("Error");
      expect(code).toBe(0);
    },
    30_000,
  );
});

function snippetsOf(page: string): Snippet[] {
  const lines = textOf(page).split("\n");
  const found: Snippet[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const language = /^```(\w+)/.exec(lines[at] ?? "")?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", at);
    found.push({ place: `${page}:${at + 1}`, language, text: lines.slice(at + 1, end).join("\n") });
    at = end;
  }
  return found;
}

/** A path as pages may write it: they may leave out `src/`, and the beginning. */
function shortPath(path: string): string {
  return `/${path}`.replace("/src/", "/");
}

/** Targets of the links of a page, those to other sites left out. */
function linksOf(page: string): string[] {
  const text = textOf(page).replaceAll(/^```[^]*?^```/gm, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^https?:/.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || headingsOf(target).includes(heading);
}

/** Headings in the form in which links name them. */
function headingsOf(page: string): string[] {
  const headings = [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Runs a program as a user of the packages would, from their sources, but for the port: 6001 may be taken. */
async function run(program: string, port: number): Promise<{ readonly code: number | null; readonly output: string }> {
  const { outputFiles } = await build({
    stdin: { contents: program, loader: "ts", resolveDir: root },
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@sealcast/source"],
    plugins: [ownPackagesAlone],
    logLevel: "silent",
  });
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "docs-"));
  const file = join(folder, "program.mjs");
  try {
    writeFileSync(file, (outputFiles[0]?.text ?? "").replaceAll("6001", String(port)));
    return await new Promise((resolve) => {
      const child = spawn(process.execPath, [file], { cwd: folder, env: { ...process.env, ...masterKeys } });
      let output = "";
      child.stdout.on("data", (part: Buffer) => (output += part.toString()));
      child.stderr.on("data", (part: Buffer) => (output += part.toString()));
      child.on("close", (code) => resolve({ code, output }));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a backend's environment may hold. */
const masterKeys = {
  KEY_1: Buffer.alloc(32, 1).toString("base64"),
  KEY_2: Buffer.alloc(32, 2).toString("base64"),
  SEALED_KEY_1: randomBytes(32).toString("base64"),
  SEALED_KEY_2: randomBytes(32).toString("base64"),
  SIGNING_SECRET: randomBytes(32).toString("base64"),
};

const ownPackagesAlone: Plugin = {
  name: "only own packages",
  setup(bundler) {
    bundler.onResolve({ filter: /^[^.#/]/ }, ({ path }) =>
      path.startsWith("@sealcast/") ? undefined : { path, external: true },
    );
  },
};

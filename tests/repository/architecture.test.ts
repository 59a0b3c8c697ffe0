import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow, manifestOf, root, textOf } from "../fixtures/repository.ts";
import { importsIn, importsOf, relativeImportsOf } from "./imports.ts";

/**
 * Which layer may import what. Layers are packages; the server has layers of its own, and what is in none of them
 * wires the others. `node:` stands for the modules of Node.js.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  crypto: ["protocol", "@noble/ciphers", "@noble/curves", "@noble/hashes"],
  client: ["crypto", "protocol", "ws"],
  react: ["client", "react"],
  vue: ["client", "vue"],
  svelte: ["client", "svelte"],
  console: ["server", "crypto", "protocol", "preact", "@preact/signals", "@tanstack/virtual-core", "uplot"],
  "server-sdk": ["crypto", "protocol", "node:", "fastest-levenshtein"],
  cli: ["server", "server-sdk", "client", "commander", "fastest-levenshtein", "openid-client", "node:"],
  "server-testing": ["server", "protocol", "node:", "vitest", "redis", "ws"],
  "server/core": ["protocol", "zod"],
  "server/ports": ["server/core", "protocol"],
  "server/config": ["server/core", "protocol", "zod", "@humanwhocodes/momoa", "fastest-levenshtein", "node:"],
  "server/observers": ["server/core", "server/ports", "protocol"],
  "server/session": ["server/core", "server/ports", "protocol"],
  "server/admin-api": ["server/core", "server/ports", "server/http-api", "protocol", "zod"],
  "server/webhooks": ["server/core", "server/ports", "protocol"],
  "server/http-api": ["server/session", "server/core", "server/ports", "protocol"],
  "server/metrics": ["server/http-api", "server/core", "server/ports", "protocol"],
  "server/console": [
    "server/admin-api",
    "server/metrics",
    "server/http-api",
    "server/core",
    "server/ports",
    "protocol",
    "ipaddr.js",
  ],
  // A kind of adapter never imports another.
  "server/adapters/app-store": ["server/core", "server/ports", "protocol", "kysely", "libsql", "pg", "mysql2"],
  "server/adapters/clock": ["server/ports", "node:"],
  "server/adapters/engine": ["server/core", "server/ports", "protocol", "node:", "redis"],
  "server/adapters/log": ["server/ports", "pino", "node:"],
  "server/adapters/page-files": ["server/ports", "node:"],
  "server/adapters/password-hasher": ["server/ports", "node:"],
  "server/adapters/process-figures": ["server/ports", "node:"],
  "server/adapters/random": ["server/ports", "node:"],
  "server/adapters/secret-box": ["server/ports", "node:"],
  "server/adapters/signer": ["server/ports", "node:"],
  "server/adapters/http-sender": ["server/ports", "node:", "ipaddr.js"],
  "server/adapters/usage-records": ["server/core", "server/ports", "protocol"],
  "server/adapters/webhook-dispatcher": ["server/core", "server/ports", "node:"],
  "server/adapters/webhook-queue": ["server/core", "server/ports", "protocol", "node:", "libsql"],
  // The rooms of the transport: what all runtimes share, and one room for each runtime.
  ...transportRooms({
    outbox: ["node:"],
    links: ["outbox", "node:"],
    http: ["node:"],
    sockjs: ["links", "node:"],
    xhr: ["links", "outbox", "http", "sockjs", "node:"],
    node: ["links", "outbox", "http", "sockjs", "xhr", "node/fast-path", "node:", "ws"],
    "node/fast-path": ["http", "node:"],
    bun: ["links", "outbox", "http", "sockjs", "xhr", "node:"],
  }),
  server: [
    ...[
      "core",
      "ports",
      "config",
      "observers",
      "admin-api",
      "webhooks",
      "session",
      "http-api",
      "metrics",
      "console",
    ].map((layer) => `server/${layer}`),
    ...[
      "app-store",
      "clock",
      "engine",
      "log",
      "page-files",
      "password-hasher",
      "process-figures",
      "random",
      "secret-box",
      "signer",
      "http-sender",
      "usage-records",
      "webhook-dispatcher",
      "webhook-queue",
      "transport/links",
      "transport/node",
      "transport/bun",
    ].map((kind) => `server/adapters/${kind}`),
    "protocol",
    "node:",
  ],
};

/** Folders whose code knows no clock, no timer, no randomness, no network and no platform. */
const pureFolders = ["packages/protocol", "packages/crypto", "packages/server/src/core"];

/** What ships: tests and what is made for tests may import anything, and templates hold the text of other programs. */
const sources = filesBelow("packages").filter(
  (path) => /\/src\/.*\.tsx?$/.test(path) && !/\.test(-d)?\.tsx?$|\/testing\/|\/templates\//.test(path),
);

describe("layers", () => {
  test("every source file belongs to a layer", () => {
    expect(sources.filter((path) => mayImport[layerOf(path)] === undefined)).toEqual([]);
  });

  test.each(Object.entries(mayImport))("%s imports what it may", (layer, allowed) => {
    const files = sources.filter((path) => layerOf(path) === layer);
    expect(files).not.toEqual([]);
    expect(files.flatMap((path) => forbiddenImportsOf(path, layer, allowed))).toEqual([]);
  });

  test("no file imports itself through others, not even a type", () => {
    const edges = new Map(sources.map((path) => [path, relativeImportsOf(path)]));
    expect(onCycles(edges)).toEqual([]);
  });

  test("ARCHITECTURE.md names the folders of the server, and what each may use", () => {
    const rows = [...textOf("ARCHITECTURE.md").matchAll(/^\| `([\w-]+)` \| [^|]+ \|([^|]*)\|$/gm)];
    const stated = rows.map(([, folder = "", uses = ""]) => [
      folder,
      [...uses.matchAll(/[\w-]+/g)].map(([name]) => name),
    ]);
    const folders = new Set(sources.flatMap((path) => /^packages\/server\/src\/([\w-]+)\//.exec(path)?.[1] ?? []));
    expect(Object.fromEntries(stated.map(([folder, uses]) => [folder, new Set(uses)]))).toEqual(
      Object.fromEntries([...folders].map((folder) => [folder, layersUsedBy(folder)])),
    );
  });

  test("the server depends on nothing that could decrypt", () => {
    const { dependencies = {}, devDependencies = {}, peerDependencies = {} } = manifestOf("packages/server");
    const all = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies });
    expect(all.filter((name) => /crypto|noble|sodium|nacl/.test(name))).toEqual([]);
    expect(dependencies).toHaveProperty("@sealcast/protocol");
  });

  test("the check finds an upward, a sideways and a cyclic import", () => {
    expect(mayImport["protocol"]).not.toContain(targetOf("packages/protocol/src/a.ts", "@sealcast/crypto"));
    expect(mayImport["server/core"]).not.toContain(targetOf("packages/server/src/core/a.ts", "../session/hub.ts"));
    expect(mayImport["server/adapters/log"]).not.toContain(
      targetOf("packages/server/src/adapters/log/a.ts", "../signer/node-crypto.ts"),
    );
    const circle = { a: ["b"], b: ["c"], c: ["a"], d: ["a"] };
    expect(onCycles(new Map(Object.entries(circle)))).toEqual(["a", "b", "c"]);
  });

  test.each([
    ["a value", 'import { a } from "./a.ts";'],
    ["a type", 'import type { A } from "./a.ts";'],
    ["a type beside values", 'import { b, type A } from "./a.ts";'],
    ["names on several lines", 'import {\n  a,\n  type A,\n} from "./a.ts";'],
    ["a re-exported type", 'export type { A } from "./a.ts";'],
    ["everything", 'export * from "./a.ts";'],
    ["a side effect", 'import "./a.ts";'],
    ["a module loaded on demand", 'const a = await import("./a.ts");'],
    ["the type of a module", 'type A = typeof import("./a.ts");'],
  ])("the check counts the import of %s", (_, code) => {
    expect(importsIn(code)).toEqual(["./a.ts"]);
  });
});

/** The layers of the server that a folder of it may import; rooms of one kind of adapter are left out. */
function layersUsedBy(folder: string): ReadonlySet<string> {
  const layers = Object.entries(mayImport).filter(([layer]) => layer.startsWith(`server/${folder}`));
  const uses = layers.flatMap(([, allowed]) => allowed.flatMap((name) => /^server\/([\w-]+)$/.exec(name)?.[1] ?? []));
  return new Set(uses);
}

describe("purity is the compiler's job", () => {
  const impure = {
    timer: "setTimeout(() => undefined, 1);",
    network: 'void fetch("http://127.0.0.1");',
    socket: 'new WebSocket("ws://127.0.0.1");',
    buffer: "Buffer.alloc(1);",
    console: 'console.log("");',
    randomness: "crypto.getRandomValues(new Uint8Array(1));",
    encoder: "new TextEncoder();",
    process: "process.exit();",
    file: 'import { readFileSync } from "node:fs";\nreadFileSync("");',
  };

  test.each(pureFolders)(
    "in %s, whatever reaches outside does not compile",
    (folder) => {
      const failing = compile(folder, {
        ...impure,
        pure: "export const sum = (a: number, b: number): number => a + b;",
      });
      expect(failing).toEqual(Object.keys(impure).toSorted());
    },
    60_000,
  );
});

function layerOf(path: string): string {
  const [, name = "", , ...inside] = path.split("/");
  if (name !== "server" || inside.length === 1) return name;
  const folders = inside.slice(0, -1);
  // The transport's folders are layers of their own; elsewhere, folders inside a layer belong to it.
  if (folders[1] === "transport") return `server/${folders.join("/")}`;
  return `server/${folders.slice(0, folders[0] === "adapters" ? 2 : 1).join("/")}`;
}

/** Rows of the table for the folders of the transport; every one of them may use ports and core. */
function transportRooms(rooms: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> {
  const transport = "server/adapters/transport";
  const target = (name: string): string => (name in rooms ? `${transport}/${name}` : name);
  return Object.fromEntries(
    Object.entries(rooms).map(([room, allowed]) => [
      `${transport}/${room}`,
      ["server/core", "server/ports", "protocol", ...allowed.map(target)],
    ]),
  );
}

function forbiddenImportsOf(path: string, layer: string, allowed: readonly string[]): string[] {
  return importsOf(path)
    .filter((specifier) => ![layer, ...allowed].includes(targetOf(path, specifier)))
    .map((specifier) => `${path} imports ${specifier}`);
}

/** The layer or the foreign package that an import means. */
function targetOf(path: string, specifier: string): string {
  if (specifier.startsWith(".")) return layerOf(join(dirname(path), specifier));
  if (specifier.startsWith("#")) return layerOf(path);
  if (specifier.startsWith("node:")) return "node:";
  const parts = specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1);
  return parts.join("/").replace(/^@sealcast\//, "");
}

/** The nodes from which a path of edges leads back to them, sorted. */
function onCycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const isOnCycle = (start: string): boolean => {
    const seen = new Set<string>();
    const queue = [...(edges.get(start) ?? [])];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (node === start) return true;
      if (seen.has(node)) continue;
      seen.add(node);
      queue.push(...(edges.get(node) ?? []));
    }
    return false;
  };
  return [...edges.keys()].filter(isOnCycle).toSorted();
}

/** Compiles snippets with the settings of a folder and gives the names of those with errors, sorted. */
function compile(folder: string, snippets: Readonly<Record<string, string>>): string[] {
  // Below the root, so that the types of Node.js could be found if the settings let them.
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const place = mkdtempSync(join(cache, "purity-"));
  try {
    for (const [name, code] of Object.entries(snippets))
      writeFileSync(join(place, `${name}.ts`), `${code}\nexport {};\n`);
    const settings = {
      extends: join(root, folder, "tsconfig.json"),
      compilerOptions: { rootDir: ".", composite: false, noEmit: true, tsBuildInfoFile: null },
      include: ["*.ts"],
      references: [],
    };
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify(settings));
    const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", place, "--pretty", "false"], {
      cwd: place,
    });
    const failing = stdout.toString().matchAll(/^(?:.*\/)?([a-z]+)\.ts\(\d+,\d+\): error/gm);
    return [...new Set([...failing].map(([, name = ""]) => name))].toSorted();
  } finally {
    rmSync(place, { recursive: true });
  }
}

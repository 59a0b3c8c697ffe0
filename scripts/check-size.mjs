// Bundles the client as a page gets it, minified and compressed, and compares it with its budgets.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./prepare.mjs";

const dist = join(root, "packages/client/dist");
const sealcast = 'export { Sealcast } from "./index.js";';
const permits = 'export { batchedAuthorization } from "./auth/batched-authorization.js";';
const cipher = 'export { createDecryptor } from "./encryption/create-decryptor.js";';
const sealed = 'export { createDecryptor as createSealedDecryptor } from "./sealed/create-decryptor.js";';
const pusher = 'export { Pusher } from "./compat/pusher-js.js";';
const pusherPermits = 'export { pusherAuthorization } from "./compat/authorization.js";';

/** What a page loads, and how many kilobytes (1,000 bytes) that may be. pusher-js 8.6 has 17.9, with encryption 28.8. */
const budgets = [
  { name: "Sealcast, with public channels", loads: sealcast, budget: 9 },
  { name: "Sealcast, with private and presence channels", loads: sealcast + permits, budget: 11.2 },
  { name: "Sealcast, with encrypted channels", loads: sealcast + permits + cipher, budget: 18 },
  { name: "Sealcast, with sealed channels", loads: sealcast + permits + sealed, budget: 21.6 },
  { name: "Sealcast, with encrypted and sealed channels", loads: sealcast + permits + cipher + sealed, budget: 22.8 },
  { name: "the drop-in for pusher-js, with public channels", loads: pusher, budget: 9.3 },
  { name: "the drop-in, with private and presence channels", loads: pusher + pusherPermits, budget: 11.4 },
  { name: "the drop-in, with encrypted channels", loads: pusher + pusherPermits + cipher, budget: 18.1 },
  { name: "`recover`, besides", loads: 'export { recover } from "./recovery/index.js";', budget: 1.5 },
];

/** How far the page may be from the measured size, in kilobytes, before it has to be written again. */
const tolerance = 0.3;
const page = join(root, "docs/sizes.md");

let faults = 0;
const rows = [];
for (const { name, loads, budget } of budgets) {
  const size = (await compressedBytes(loads)) / 1_000;
  if (size > budget) faults += 1;
  rows.push({ name, size, budget });
  console.log(`${size > budget ? "TOO BIG" : "ok     "}  ${name}: ${size.toFixed(2)} KB of ${budget}`);
}
if (process.argv.includes("--write")) {
  writeFileSync(page, sizesPage(rows));
} else {
  const text = readFileSync(page, "utf8");
  for (const { name, size } of rows) {
    const [, written] = text.match(new RegExp(`^\\| ${name} \\| ([\\d.]+) KB`, "m")) ?? [];
    if (Math.abs(Number(written) - size) <= tolerance) continue;
    faults += 1;
    console.log(`docs/sizes.md says ${written} KB of "${name}": node scripts/check-size.mjs --write`);
  }
}
process.exit(faults === 0 ? 0 : 1);

/** The page with the sizes of this check. */
function sizesPage(sizes) {
  const lines = sizes.map(({ name, size, budget }) => `| ${name} | ${size.toFixed(1)} KB | ${budget} KB |`);
  return `# Sizes

What a page loads, minified and compressed with gzip, in kilobytes of 1,000 bytes. \`npm run check\` measures it and fails above
the limit; \`node scripts/check-size.mjs --write\` writes this page. \`pusher-js\` 8.6 has 17.9 KB, with encryption 28.8 KB.

| | Size | Limit |
|---|---|---|
${lines.join("\n")}

Authorization, the cipher and the HTTP fallback are loaded when they are first needed; the rows include what their channels
need. The sizes are those of a production build. Vite and webpack then leave out the checks of option names and values: they use
the condition \`production\` of the package; with esbuild, pass \`--conditions=production\`.
`;
}

/** Compressed bytes of what a page loads with these exports; what is imported only when it is needed does not count. */
async function compressedBytes(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: dist },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["production"],
    target: "es2022",
    legalComments: "none",
    plugins: [{ name: "later", setup: leaveOutWhatComesLater }],
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function leaveOutWhatComesLater({ onResolve }) {
  onResolve({ filter: /^\./ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
}

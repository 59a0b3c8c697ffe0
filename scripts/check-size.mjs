// Bundles the client as a page gets it, minified and compressed, and compares it with its budgets.
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./prepare.mjs";

const dist = join(root, "packages/client/dist");
const cipher = 'export { createDecryptor } from "./encryption/create-decryptor.js";';
const sealed = 'export { createDecryptor as createSealedDecryptor } from "./sealed/create-decryptor.js";';
const sealcast = 'export { Sealcast } from "./index.js";';
const pusher = 'export { Pusher } from "./compat/pusher-js.js";';

/** What a page loads, and how many kilobytes (1,000 bytes) that may be. pusher-js 8.6 has 17.9, with encryption 28.8. */
const budgets = [
  { name: "Sealcast", loads: sealcast, budget: 11.3 },
  { name: "Sealcast, with an encrypted channel", loads: sealcast + cipher, budget: 18.1 },
  { name: "Sealcast, with a sealed channel", loads: sealcast + sealed, budget: 21 },
  { name: "Sealcast, with an encrypted and a sealed channel", loads: sealcast + cipher + sealed, budget: 22.8 },
  { name: "the drop-in for pusher-js", loads: pusher, budget: 11.1 },
  { name: "the drop-in, with an encrypted channel", loads: pusher + cipher, budget: 17.9 },
];

let over = 0;
for (const { name, loads, budget } of budgets) {
  const size = (await compressedBytes(loads)) / 1_000;
  if (size > budget) over += 1;
  console.log(`${size > budget ? "TOO BIG" : "ok     "}  ${name}: ${size.toFixed(2)} KB of ${budget}`);
}
process.exit(over === 0 ? 0 : 1);

/** Compressed bytes of what a page loads with these exports; what is imported only when it is needed does not count. */
async function compressedBytes(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: dist },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    plugins: [{ name: "later", setup: leaveOutWhatComesLater }],
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function leaveOutWhatComesLater({ onResolve }) {
  onResolve({ filter: /^\./ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
}

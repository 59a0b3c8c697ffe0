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
  {
    name: "`reportDecryptionErrors`, besides",
    loads: 'export { reportDecryptionErrors } from "./decryption-reports/index.js";',
    budget: 0.6,
  },
];

const promises = 'export { whenConnected, whenSignedIn, whenSubscribed } from "./index.js";';
const iterator = 'export { events, listen } from "./index.js";';

/** What parts of the client cost: how much smaller a page is without these files. */
const parts = [
  { of: sealcast, name: "reconnecting after sleep and changes of network", files: /connection\/network-watch/ },
  {
    of: sealcast + promises,
    name: "`whenConnected`, `whenSubscribed`, `whenSignedIn`, if imported",
    files: /dist\/when\.js/,
  },
  { of: sealcast + iterator, name: "`events`, if imported", files: /dist\/events\.js/ },
  { of: sealcast, name: "sign-in, events to users, watchlists", files: /dist\/(user|channels\/user-channel)\.js/ },
  { of: sealcast, name: "members of presence channels", files: /channels\/roster/ },
  { of: sealcast, name: "decryption in channels, without the cipher", files: /channels\/decryption/ },
  { of: sealcast, name: "the option `log`", files: /dist\/log\.js/ },
  { of: permits, name: "authorization: many channels in one request", files: /auth\/authorize-batched/ },
  {
    of: permits,
    name: "authorization: requests, repetition, why one failed",
    files: /auth\/(ask-endpoint|send-request)/,
  },
  { of: permits, name: "authorization: handlers of the application", files: /auth\/run-handler/ },
  { of: permits, name: "authorization: grants that are used again", files: /auth\/authorizer\.js/ },
  { of: cipher, name: "encrypted channels: XSalsa20-Poly1305 of `@noble/ciphers`", files: /@noble\/ciphers/ },
  { of: cipher, name: "encrypted channels: events wait for their key, in order", files: /encryption\/reorder-buffer/ },
  {
    of: cipher,
    name: "encrypted channels: when to ask for keys",
    files: /encryption\/(refresh-schedule|request-budget)/,
  },
  { of: cipher, name: "encrypted channels: several keys", files: /encryption\/secret-ring/ },
  { of: sealed, name: "sealed channels: XChaCha20-Poly1305 of `@noble/ciphers`", files: /@noble\/ciphers/ },
  { of: sealed, name: "sealed channels: envelopes, frames", files: /sealed\/(open|frame|context|payload)\.js/ },
  { of: sealed, name: "sealed channels: replays are refused", files: /sealed\/replay-guard/ },
  { of: sealed, name: "sealed channels: client events, padding", files: /sealed\/(seal|padding)\.js/ },
  { of: sealed, name: "sealed channels: keys, signers", files: /sealed\/(sealed-keys|signer)\.js/ },
];

/** What a page loads only when it needs it, beside everything that the rows above have. */
const later = [
  { name: "the HTTP fallback, if WebSockets fail", loads: "./connection/http-socket.js" },
  { name: "the text of an error, if an endpoint refuses or does not answer", loads: "./auth/explain-failure.js" },
  { name: "sealed events to a user, if the backend sends their keys", loads: "./channels/user-channel.js" },
  { name: "encrypted client events, with the option `encryptedClientEvents`", loads: "./encryption/index.js" },
  { name: "Ed25519, if the backend signs sealed events", loads: "./sealed/verify-signature.js" },
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
  const costs = [];
  for (const { of, name, files } of parts) {
    // The modules that a page has before these.
    const before = of === sealed || of === cipher ? sealcast + permits : of === permits ? sealcast : "";
    const bytes = (await compressedBytes(before + of)) - (await compressedBytes(before + of, files));
    costs.push({ name, size: bytes / 1_000 });
  }
  const all = sealcast + permits + cipher + sealed;
  const loaded = [];
  for (const { name, loads } of later) {
    const bytes = (await compressedBytes(`${all}export * from "${loads}";`)) - (await compressedBytes(all));
    loaded.push({ name, size: bytes / 1_000 });
  }
  writeFileSync(page, sizesPage(rows, costs, loaded));
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

/** The rows of a table of costs. */
function list(entries) {
  return entries.map(({ name, size }) => `| ${name} | ${size.toFixed(2)} KB |`).join("\n");
}

/** The page with the sizes of this check. */
function sizesPage(sizes, costs, loaded) {
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

## What each part costs

How much smaller a page is without the part. Compressed parts share text, so that the numbers do not add up exactly.

| | Costs |
|---|---|
${list(costs)}

Loaded only when it is used, so in none of the rows above:

| | Costs |
|---|---|
${list(loaded)}

## Why the limits are what they are

The first aims were 9 KB for public channels, 15.5 KB with encryption, and 16 KB for the drop-in with encryption. The first one
holds. The others do not: the cipher needs 4.5 KB (it is the smallest one with an audit), and authorization 2.2 KB,
so that 15.6 KB are spent before the first event is decrypted. The rest keeps the promise that a key rotation loses nothing: events wait
for their key in order, several keys are known, requests for keys are limited. Loading this part later would save about a
kilobyte, but it would then be requested by all clients at the moment of a rotation, and its loss would be a loss of events.
A page with \`pusher-js\` loads 10 KB more.
`;
}

/**
 * Compressed bytes of what a page loads with these exports; what is imported only when it is needed does not count.
 *
 * @param without files that are replaced by empty ones
 */
async function compressedBytes(contents, without) {
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
    plugins: [
      { name: "later", setup: leaveOutWhatComesLater },
      { name: "without", setup: ({ onLoad }) => without && onLoad({ filter: without }, emptied) },
    ],
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

function leaveOutWhatComesLater({ onResolve }) {
  onResolve({ filter: /^\./ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
}

/** A module with the same exports that does nothing. */
function emptied({ path }) {
  const text = readFileSync(path, "utf8");
  const declared = [...text.matchAll(/^export (?:async )?(?:class|function|const) (\w+)/gm)].map(([, name]) => name);
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) => names.split(","));
  const names = [...declared, ...listed.map((name) => name.trim().split(" as ").at(-1))];
  return { contents: names.map((name) => `export class ${name} {}`).join("\n") };
}

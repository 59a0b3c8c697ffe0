// Bundles the whole client, cipher and fallbacks included, into one file for a script tag. It sets two globals: `Pusher`,
// and `sealcast` with all that the main entry exports.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const [outfile = pathOf("../dist/sealcast.min.js")] = process.argv.slice(2);

await build({
  stdin: {
    contents: `
      import * as sealcast from "./index.ts";
      import { Pusher } from "./compat/pusher-js.ts";
      Object.assign(globalThis, { Pusher, sealcast });
    `,
    resolveDir: pathOf("../src"),
  },
  conditions: ["@sealcast/source"],
  platform: "browser",
  target: "es2022",
  format: "iife",
  bundle: true,
  minify: true,
  // The cipher's license wants its notice kept.
  legalComments: "inline",
  outfile,
});

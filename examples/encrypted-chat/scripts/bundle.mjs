// Bundles the page's script with our client. The official client becomes a file of its own, loaded only if it is chosen.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: [pathOf("../src/page/chat.ts")],
  outdir: pathOf("../dist/page"),
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  platform: "browser",
  conditions: ["@sealcast/source"],
  minify: true,
  legalComments: "inline",
  allowOverwrite: true,
});

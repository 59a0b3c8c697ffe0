// A folder with everything that the command needs at run time, bundled: the image, the Debian package and the single
// executable are made of it. Needs a build first.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Replaces `import.meta.url`, which CommonJS does not have. */
const banner = 'const __fileUrl = require("node:url").pathToFileURL(__filename).href;';

/**
 * Makes the folder. `node FOLDER/app/sealcast.js` is then the command.
 *
 * @param {string} folder is replaced if it exists.
 */
export async function makeAppFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  const app = join(folder, "app");
  mkdirSync(app, { recursive: true });
  const options = {
    bundle: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    define: { "import.meta.url": "__fileUrl" },
    banner: { js: banner },
    // Native code, found at run time.
    external: ["sodium-native"],
    legalComments: "none",
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    absWorkingDir: root,
    logLevel: "warning",
  };
  await build({
    ...options,
    stdin: {
      contents: 'import { run } from "./packages/cli/dist/main.js"; void run(process.argv.slice(2));',
      resolveDir: root,
    },
    outfile: join(app, "sealcast.js"),
  });
  await build({
    ...options,
    entryPoints: ["packages/server/dist/webhook-thread.js"],
    outfile: join(app, "webhook-thread.js"),
  });
  const { version, license } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8"));
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ name: "sealcast", version, license, private: true })}\n`,
  );
  copyConsole(app);
  copyDatabase(app);
  return folder;
}

/** The server delivers the page from these files. */
function copyConsole(app) {
  const target = join(app, "node_modules/@sealcast/console");
  cpSync(join(root, "packages/console/dist/page"), join(target, "dist/page"), { recursive: true });
  cpSync(join(root, "packages/console/package.json"), join(target, "package.json"));
}

/** The native code of the database for this machine, as npm has installed it. */
function copyDatabase(app) {
  const libc = process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "gnu";
  const name = process.platform === "linux" ? `linux-${process.arch}-${libc}` : `${process.platform}-${process.arch}`;
  const manifest = createRequire(join(root, "packages/server/package.json")).resolve(`@libsql/${name}/package.json`);
  cpSync(dirname(manifest), join(app, "node_modules/@libsql", name), { recursive: true });
}

// npm run bundle -- FOLDER: the bundled command with its native code, for images: node FOLDER/app/sealcast.js
import { resolve } from "node:path";
import { build } from "./prepare.mjs";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Usage: npm run bundle -- FOLDER");
  process.exit(2);
}
build("packages/cli");
const { makeAppFolder } = await import("./binary/app-folder.mjs");
await makeAppFolder(resolve(folder));

// npm run build [-- folders of projects]: compiles what changed since the last time, and bundles the pages.
import { build } from "./prepare.mjs";

build(...process.argv.slice(2));

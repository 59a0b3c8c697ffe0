// Checks that the title of every commit in a range names its area, for example "client: retry after a lost pong".
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const areas = ["bench", "build", "docs", "examples", "tests", ...readdirSync(join(root, "packages"))];
const range = process.argv[2] ?? "HEAD~1..HEAD";
const titles = execFileSync("git", ["log", "--no-merges", "--format=%s", range], { cwd: root, encoding: "utf8" });
const area = `(${areas.join("|")})`;
const pattern = new RegExp(`^${area}(, ${area})*: \\S`);
const wrong = titles.split("\n").filter((title) => title !== "" && !pattern.test(title));
if (wrong.length > 0) {
  console.error(`Commit titles begin with an area (${areas.join(", ")}) and a colon:\n  ${wrong.join("\n  ")}`);
  process.exitCode = 1;
}

import { openFileLimit } from "../../start/open-file-limit.ts";
import type { Check } from "../check.ts";
import { ok, problem, skipped, warning } from "../finding.ts";

const minimumNode = [20, 19] as const;

/** Checks of this machine; they matter if the server runs on it. */
export const hostChecks: readonly Check[] = [
  {
    id: "node",
    title: "Version of Node.js",
    needs: [],
    run() {
      const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
      const isOld = major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1]);
      const seen = process.versions.bun === undefined ? process.versions.node : `Bun ${process.versions.bun}`;
      return Promise.resolve(isOld ? problem(seen, "Install Node.js 20.19 or newer.") : ok(seen));
    },
  },
  {
    id: "open-files",
    title: "Limit of open files on this machine",
    needs: [],
    async run() {
      const limit = await openFileLimit();
      if (limit === undefined) return skipped("this operating system does not tell");
      const seen = Number.isFinite(limit) ? String(limit) : "unlimited";
      const fix = "Each connection is an open file. Raise `ulimit -n`, or LimitNOFILE of systemd.";
      return limit < 4_096 ? warning(seen, fix) : ok(seen);
    },
  },
];

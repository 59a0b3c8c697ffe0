import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

test("`require` gives the class itself, as with the official package", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sealcast-require-"));
  try {
    await build({
      entryPoints: [fileURLToPath(new URL("../pusher.ts", import.meta.url))],
      outfile: join(folder, "pusher.mjs"),
      bundle: true,
      format: "esm",
      platform: "node",
      conditions: ["@sealcast/source"],
    });
    writeFileSync(
      join(folder, "app.cjs"),
      `const Pusher = require("./pusher.mjs");
       const pusher = new Pusher({ appId: "1", key: "k", secret: "s" });
       console.log(pusher instanceof Pusher, typeof Pusher.RequestError, pusher.authorizeChannel("1.2", "private-a").auth);`,
    );
    const output = execFileSync(process.execPath, ["--no-warnings", join(folder, "app.cjs")], { encoding: "utf8" });
    expect(output).toMatch(/^true function k:[0-9a-f]{64}\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

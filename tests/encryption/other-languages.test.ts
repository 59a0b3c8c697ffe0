import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../fixtures/repository.ts";

const vectors = join(root, "vectors/sealed-channels.json");
const languages: [language: string, command: string, probe: string[], program: string][] = [
  ["PHP", "php", ["-r", "sodium_bin2hex('');"], "docs/sealed/sealed.php"],
  // Debian's Python: another one would not find Debian's PyNaCl.
  ["Python", "/usr/bin/python3", ["-c", "import nacl"], "docs/sealed/sealed.py"],
];

describe.each(languages)("sealed channels in %s", (_, command, probe, program) => {
  const isInstalled = spawnSync(command, probe).status === 0;
  if (!isInstalled) console.warn(`Skipping ${program}: ${command} or its libsodium is missing`);

  test.skipIf(!isInstalled && process.env["CI"] === undefined)("[SEAL4] agree with all vectors", () => {
    const { stdout, stderr } = spawnSync(command, [join(root, program), vectors], { encoding: "utf8" });
    expect(stderr).toBe("");
    // 15 envelopes open; 10 of them have no signature, hidden name or block padding, which the programs do not write.
    expect(JSON.parse(stdout)).toEqual({ derived: 12, sealed: 10, opened: 15 });
  });
});

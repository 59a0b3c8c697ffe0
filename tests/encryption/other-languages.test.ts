import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../fixtures/repository.ts";

const vectors = join(root, "vectors/sealed-channels.json");
const languages: [language: string, command: string, probe: string[], program: string][] = [
  ["PHP", "php", ["-r", "sodium_bin2hex('');"], "docs/sealed/sealed.php"],
  // Debian's Python: another one would not find Debian's PyNaCl.
  ["Python", "/usr/bin/python3", ["-c", "import nacl"], "docs/sealed/sealed.py"],
];

test.each(languages)("[SEAL4] the example in %s agrees with all vectors", (_, command, probe, program) => {
  if (spawnSync(command, probe).status !== 0) {
    expect(process.env["CI"], `${command} with libsodium is missing`).toBeUndefined();
    console.warn(`Skipping ${program}: ${command} with libsodium is missing`);
    return;
  }
  const { stdout, stderr } = spawnSync(command, [join(root, program), vectors], { encoding: "utf8" });
  // 15 envelopes open; 10 of them have no signature, hidden name or block padding, which the examples do not write.
  expect(JSON.parse(stdout), stderr).toEqual({ derived: 12, sealed: 10, opened: 15 });
});

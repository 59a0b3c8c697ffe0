// Tests run the sealed-channel examples in PHP and Python. Plain Node.js without dependencies.
import { spawnSync } from "node:child_process";

/** Installs PHP and PyNaCl with apt if they are missing and this user can; otherwise says so. CI must have them. */
export function installSodium() {
  if (hasSodium()) return;
  console.log("PHP or PyNaCl is missing: installing them with apt …");
  if (process.getuid?.() === 0 && runs("apt-get", ["--version"])) {
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "php-cli", "python3-nacl"]]) {
      spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", "ignore", "inherit"], env: environment });
    }
    if (hasSodium()) return;
  }
  console.error("PHP OR PYNACL IS MISSING and could not be installed: their examples are SKIPPED.");
  console.error("Install them: apt-get install php-cli python3-nacl");
  if (process.env.CI) process.exit(1);
}

function hasSodium() {
  return runs("php", ["-r", "sodium_bin2hex('');"]) && runs("/usr/bin/python3", ["-c", "import nacl"]);
}

function runs(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

// Tests drive a real browser. Plain Node.js without dependencies.
import { spawnSync } from "node:child_process";

/**
 * Installs Chromium with apt if it is missing and this user may install it; otherwise prints that it is missing. In CI it
 * must be there.
 */
export function installChromium() {
  if (hasChromium()) return;
  console.log("Chromium is missing: installing it with apt …");
  const mayInstall = process.getuid?.() === 0 && runs("apt-get", ["--version"]);
  if (mayInstall) {
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
      spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", "ignore", "inherit"], env: environment });
    }
    if (hasChromium()) return;
  }
  console.error("CHROMIUM IS MISSING and could not be installed: tests in a browser are SKIPPED.");
  console.error("Install it (apt-get install chromium), or name one in CHROMIUM_PATH.");
  if (process.env.CI) process.exit(1);
}

function hasChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  return [process.env.CHROMIUM_PATH ?? "", ...names].some((name) => name !== "" && runs(name, ["--version"]));
}

function runs(command, args) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

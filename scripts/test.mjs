// npm test: installs whatever is missing on this machine, then runs every check and every test.
import { installChromium } from "./install-chromium.mjs";
import { installSodium } from "./install-sodium.mjs";
import { installPackages } from "./prepare.mjs";
import { runChecks } from "./run-checks.mjs";

installPackages();
installChromium();
installSodium();
await runChecks();

// npm test: installs whatever is missing on this machine, then runs every check and every test.
import { installChromium } from "./install-chromium.mjs";
import { installDebianPackages } from "./install-debian-packages.mjs";
import { installSodium } from "./install-sodium.mjs";
import { installPackages } from "./prepare.mjs";
import { runChecks } from "./run-checks.mjs";

installPackages();
installChromium();
installDebianPackages();
installSodium();
await runChecks();

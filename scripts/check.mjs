// npm run check: format, lint, types, tests, unused code, published packages, size.
import { installPackages } from "./prepare.mjs";
import { runChecks } from "./run-checks.mjs";

installPackages();
await runChecks();

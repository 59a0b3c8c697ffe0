import { failure } from "../exit-code.ts";
import { colored, printResult } from "../output.ts";
import { readConfig, resolveTarget, type TargetOptions } from "../target/resolve-target.ts";
import type { Check, CheckContext } from "./check.ts";
import { appDatabaseChecks } from "./checks/app-database.ts";
import { encryptionChecks } from "./checks/encryption.ts";
import { fallbackChecks } from "./checks/fallback.ts";
import { hostChecks } from "./checks/host.ts";
import { httpChecks } from "./checks/http.ts";
import { networkChecks } from "./checks/network.ts";
import { serviceChecks } from "./checks/services.ts";
import { webSocketChecks } from "./checks/web-socket.ts";
import { skipped, type Finding } from "./finding.ts";

/** All checks, in the order in which they run. A check comes after those that it needs. */
const checks: readonly Check[] = [
  ...hostChecks,
  ...serviceChecks,
  ...appDatabaseChecks,
  ...networkChecks,
  ...httpChecks,
  ...webSocketChecks,
  ...fallbackChecks,
  ...encryptionChecks,
];

/** Options of `doctor`. */
interface DoctorOptions extends TargetOptions {
  readonly json?: boolean;
  readonly idleSeconds: number;
}

/** Runs all checks and prints what they find. The exit code is 1 if there is a problem. */
export async function runDoctor(options: DoctorOptions): Promise<void> {
  const target = await resolveTarget(options);
  const config = options.config === undefined ? undefined : await readConfig(options.config, process.env);
  const findings = new Map<string, Finding>();
  for (const check of checks) {
    const finding = await findingOf(check, { target, config, idleSeconds: options.idleSeconds }, findings);
    findings.set(check.id, finding);
    if (options.json !== true) process.stdout.write(describe(check, finding));
  }
  const problems = [...findings.values()].filter(({ status }) => status === "problem").length;
  const report = checks.map(({ id, title }) => ({ id, title, ...findings.get(id) }));
  printResult(options.json, { problems, checks: report }, () =>
    problems === 0 ? "\nNo problem found.\n" : `\n${problems === 1 ? "1 problem" : `${problems} problems`} found.\n`,
  );
  if (problems > 0) process.exitCode = failure;
}

async function findingOf(check: Check, context: CheckContext, earlier: ReadonlyMap<string, Finding>): Promise<Finding> {
  const missing = check.needs.find((id) => {
    const finding = earlier.get(id);
    return finding?.status === "problem" || (finding?.status === "skipped" && finding.seen.startsWith("needs"));
  });
  return missing === undefined ? check.run(context) : skipped(`needs: ${missing}`);
}

const signs = {
  ok: [32, "ok     "],
  warning: [33, "warning"],
  problem: [31, "problem"],
  skipped: [36, "skipped"],
} as const;

function describe({ title }: Check, finding: Finding): string {
  const [color, sign] = signs[finding.status];
  const fix = "fix" in finding ? `         fix: ${finding.fix}\n` : "";
  return `${colored(color, sign)}  ${title}: ${finding.seen}\n${fix}`;
}

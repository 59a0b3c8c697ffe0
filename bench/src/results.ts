import { mkdirSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { scenarioNames, type ScenarioResults } from "./measurement.ts";

const folder = new URL("../results/", import.meta.url);

/** Keeps the results of a scenario, in place of earlier ones. */
export function saveResults(results: ScenarioResults): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(results.scenario), `${JSON.stringify(results, null, 1)}\n`);
}

/** The last results of every scenario that ever ran here. */
export function loadResults(): readonly ScenarioResults[] {
  return scenarioNames
    .map(fileOf)
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as ScenarioResults);
}

function fileOf(scenario: string): string {
  return fileURLToPath(new URL(`${scenario}.json`, folder));
}

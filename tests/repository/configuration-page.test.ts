import { appSettings, configJsonSchema, serverSettings, settingFacts } from "@sealcast/server";
import { expect, test } from "vitest";
import { textOf } from "../fixtures/repository.ts";
import { configurationPage } from "./configuration-page.ts";

/** Numbers that clients and publishers cannot reach. */
const noLimits = [
  "port",
  "workers",
  "activityTimeoutSeconds",
  "drainDelaySeconds",
  "drainSeconds",
  "metricsPort",
  "cacheTtlSeconds",
  "engineLeaseSeconds",
];

test("docs/configuration.md agrees with the options", async () => {
  await expect(configurationPage()).toMatchFileSnapshot("../../docs/configuration.md");
});

test("the JSON Schema for editors agrees with the options", async () => {
  const text = `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../packages/server/config.schema.json");
});

test("the table of limits says of each number that somebody can reach what it protects and who pays", () => {
  const numbers = [...Object.entries(serverSettings.shape), ...Object.entries(appSettings.shape)]
    .filter(([, setting]) => settingFacts(setting).expected.startsWith("a whole number"))
    .map(([name]) => name);
  const [, table = ""] = textOf("docs/configuration.md").split("\n## Limits\n");
  const rows = [...table.matchAll(/^\| `(\w+)` \|(?: [^|]+[.] \|){3}$/gm)].map(([, name]) => name);
  expect(new Set(rows)).toEqual(new Set(numbers.filter((name) => !noLimits.includes(name))));
});

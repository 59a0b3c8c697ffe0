import { expect, test } from "vitest";
import { tableFinding } from "./app-database.ts";

test.each([
  [{ missing: ["0001"], isNew: true, isNewer: false }, "ok"],
  [{ missing: [], isNew: false, isNewer: false }, "ok"],
  [{ missing: ["0002_limits"], isNew: false, isNewer: false }, "warning"],
  [{ missing: ["0002_limits"], isNew: false, isNewer: true }, "problem"],
])("tables that differ by %j are: %s", (differences, status) => {
  expect(tableFinding(differences).status).toBe(status);
});

test("missing steps are named", () => {
  expect(tableFinding({ missing: ["0002_limits"], isNew: false, isNewer: false }).seen).toContain("0002_limits");
});

import { expect, test } from "vitest";
import { configurationPage } from "./configuration-page.ts";

test("docs/configuration.md agrees with the options", async () => {
  await expect(configurationPage()).toMatchFileSnapshot("../../docs/configuration.md");
});

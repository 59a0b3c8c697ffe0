import { expect, test } from "vitest";
import { errorsPage } from "./errors-page.ts";

test("[ERR1] [CLOSE2] docs/errors.md agrees with the catalogue", async () => {
  await expect(errorsPage()).toMatchFileSnapshot("../../docs/errors.md");
});

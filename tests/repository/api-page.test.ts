import { expect, test } from "vitest";
import { apiPage } from "./api-page.ts";
import { compileDeclarations } from "./declarations.ts";

const files = compileDeclarations("client", "react");

test.each([
  ["@sealcast/client", "packages/client/src/index", "client"],
  ["@sealcast/client/pusher-js", "packages/client/src/compat/pusher-js", "client-pusher-js"],
  ["@sealcast/react", "packages/react/src/index", "react"],
])("the reference of %s says what its code says", async (specifier, file, page) => {
  await expect(apiPage(files, specifier, file)).toMatchFileSnapshot(`../../docs/api/${page}.md`);
});

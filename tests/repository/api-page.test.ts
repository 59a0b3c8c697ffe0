import { expect, test } from "vitest";
import { apiPage } from "./api-page.ts";
import { compileDeclarations } from "./declarations.ts";

const files = compileDeclarations("client", "react", "server-sdk", "crypto");

test.each([
  ["@sealcast/client", "packages/client/src/index", "client"],
  ["@sealcast/client/pusher-js", "packages/client/src/compat/pusher-js", "client-pusher-js"],
  ["@sealcast/react", "packages/react/src/index", "react"],
  ["@sealcast/server-sdk", "packages/server-sdk/src/index", "server-sdk"],
  ["@sealcast/server-sdk/pusher", "packages/server-sdk/src/pusher", "server-sdk-pusher"],
])("the reference of %s says what its code says", async (specifier, file, page) => {
  await expect(apiPage(files, specifier, file)).toMatchFileSnapshot(`../../docs/api/${page}.md`);
});

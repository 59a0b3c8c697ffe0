import { expect, test } from "vitest";
import { apiPage } from "./api-page.ts";
import { compileDeclarations } from "./declarations.ts";

const files = compileDeclarations("client", "react", "vue", "svelte", "server-sdk", "crypto");

test.each([
  ["@sealcast/client", "packages/client/src/index", "client"],
  ["@sealcast/client/pusher-js", "packages/client/src/compat/pusher-js", "client-pusher-js"],
  ["@sealcast/client/stores", "packages/client/src/stores/index", "client-stores"],
  ["@sealcast/client/testing", "packages/client/src/fake-server/index", "client-testing"],
  ["@sealcast/react", "packages/react/src/index", "react"],
  ["@sealcast/vue", "packages/vue/src/index", "vue"],
  ["@sealcast/svelte", "packages/svelte/src/index", "svelte"],
  ["@sealcast/server-sdk", "packages/server-sdk/src/index", "server-sdk"],
  ["@sealcast/server-sdk/pusher", "packages/server-sdk/src/pusher", "server-sdk-pusher"],
])("the reference of %s says what its code says", async (specifier, file, page) => {
  await expect(apiPage(files, specifier, file)).toMatchFileSnapshot(`../../docs/api/${page}.md`);
});

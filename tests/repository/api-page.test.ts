import { expect, test } from "vitest";
import { apiPage } from "./api-page.ts";
import { compileDeclarations } from "./declarations.ts";

const files = compileDeclarations("protocol", "crypto", "server", "client", "react", "vue", "svelte", "server-sdk");

/** What a program needs that runs the server in its own process. */
const embedding = [
  "createServer",
  "resolveConfig",
  "readConfigFile",
  "watchConfigFile",
  "describeProblems",
  "createPinoLog",
  "SealcastServer",
  "ServerPorts",
  "ServerConfig",
  "ListenAddress",
  "ConfigSources",
  "ResolvedConfig",
  "ConfigFile",
  "UnreadableFile",
  "ConfigProblem",
  "IgnoredVariable",
  "ClosableLog",
  "Log",
  "LogFields",
  "LogLevel",
  "Observer",
  "Activity",
  "ActivityKind",
  "ClientDetails",
];

test.each<[specifier: string, file: string, page: string, names?: readonly string[]]>([
  ["@sealcast/client", "packages/client/src/index", "client"],
  ["@sealcast/client/pusher-js", "packages/client/src/compat/pusher-js", "client-pusher-js"],
  ["@sealcast/client/stores", "packages/client/src/stores/index", "client-stores"],
  ["@sealcast/client/testing", "packages/client/src/fake-server/index", "client-testing"],
  ["@sealcast/react", "packages/react/src/index", "react"],
  ["@sealcast/vue", "packages/vue/src/index", "vue"],
  ["@sealcast/svelte", "packages/svelte/src/index", "svelte"],
  ["@sealcast/server-sdk", "packages/server-sdk/src/index", "server-sdk"],
  ["@sealcast/server-sdk/pusher", "packages/server-sdk/src/pusher", "server-sdk-pusher"],
  ["@sealcast/server", "packages/server/src/index", "server", embedding],
  ["@sealcast/crypto", "packages/crypto/src/index", "crypto"],
  ["@sealcast/crypto/sealed", "packages/crypto/src/sealed/index", "crypto-sealed"],
  ["@sealcast/crypto/ed25519", "packages/crypto/src/ed25519", "crypto-ed25519"],
  ["@sealcast/protocol", "packages/protocol/src/index", "protocol"],
])("the reference of %s says what its code says", async (specifier, file, page, names) => {
  await expect(apiPage(files, specifier, file, names)).toMatchFileSnapshot(`../../docs/api/${page}.md`);
});

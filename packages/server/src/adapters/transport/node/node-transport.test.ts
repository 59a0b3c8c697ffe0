import { silentLog, testSettings } from "@sealcast/server-testing";
import { contractSettings, listenTwice, transportContract } from "@sealcast/server-testing/contracts";
import { createNodeTransport } from "./node-transport.ts";

transportContract("Node.js", () => listenTwice(createNodeTransport(testSettings(contractSettings), silentLog)));

import { silentLog, testSettings } from "@sealcast/server-testing";
import { contractSettings, listenTwice, transportContract } from "@sealcast/server-testing/contracts";
import { systemClock } from "../../clock/system.ts";
import { createNodeTransport } from "./node-transport.ts";

transportContract("Node.js", (different) =>
  listenTwice(createNodeTransport(testSettings({ ...contractSettings, ...different }), systemClock, silentLog)),
);

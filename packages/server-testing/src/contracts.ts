/** Contract suites of the ports. They register tests and need vitest; everything else is in `./index.ts`. */
export { appRecordsContract, type OpenAppRecords } from "./app-records-contract.ts";
export { appStoreContract } from "./app-store-contract.ts";
export { engineContract, faultContract, type EngineCluster, type FaultyCluster } from "./engine-contract.ts";
export { transportContract, type RunningContractServer } from "./transport-contract.ts";
export { ContractClient } from "./transport-contract/client.ts";
export { compressionRules } from "./transport-contract/compression.ts";
export { contractSettings } from "./transport-contract/settings.ts";
export { listenTwice } from "./transport-contract/server.ts";
export { usageRecordsContract } from "./usage-records-contract.ts";
export { webhookQueueContract, type ContractBounds, type WebhookQueueAdapter } from "./webhook-queue-contract.ts";

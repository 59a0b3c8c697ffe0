/** Contract suites of the ports. They register tests, and so need vitest; everything else stands in `./index.ts`. */
export { appStoreContract } from "./app-store-contract.ts";
export { engineContract, type EngineCluster } from "./engine-contract.ts";
export { transportContract, type RunningContractServer } from "./transport-contract.ts";

export { createVault } from "./create-vault.ts";
export { sealData } from "./seal-data.ts";

export { createVault } from "./create-vault.ts";

export { createDecryptor } from "./create-decryptor.ts";
export { sealEvent } from "./seal-event.ts";

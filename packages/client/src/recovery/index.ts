export { recover, type RecoverableChannel, type RecoverableClient, type Recovery } from "./recover.ts";

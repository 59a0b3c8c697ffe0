export { bodyMd5, sign } from "@sealcast/crypto";

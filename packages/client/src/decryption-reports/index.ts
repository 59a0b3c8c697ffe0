export { reportDecryptionErrors, type ReportingChannel, type ReportingClient } from "./report-decryption-errors.ts";

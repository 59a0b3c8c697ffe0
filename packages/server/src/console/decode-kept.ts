import { ownProperties } from "@sealcast/protocol";

/** Event and data of a message as subscribers get it. */
export function decodeServerMessage(message: string): { readonly event: string; readonly data: string } {
  const fields = ownProperties(JSON.parse(message) as unknown);
  const [event, data] = [fields?.get("event"), fields?.get("data")];
  return {
    event: typeof event === "string" ? event : "",
    data: typeof data === "string" ? data : JSON.stringify(data),
  };
}

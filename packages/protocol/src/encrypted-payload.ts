import { base64ByteLength, isCanonicalBase64 } from "./base64.ts";
import { ownProperties, parseJson } from "./json.ts";
import { fail, ok, type Parsed, type Problem } from "./parsed.ts";

/** `data` of an event on an encrypted channel. The server carries it and cannot open it. */
export interface EncryptedPayload {
  /** Base64 of 24 bytes. */
  readonly nonce: string;
  /** Base64 of at least 16 bytes: the tag, then the ciphertext. */
  readonly ciphertext: string;
}

const nonceBytes = 24;
const tagBytes = 16;
/** Two names and two values in quotation marks. Further marks mean a repeated or an extra field. */
const quotationMarks = 8;

/**
 * Checks the `data` text of an event on an encrypted channel: a JSON object with exactly `nonce` and `ciphertext`, both
 * canonical base64 of the right length. The check is strict because an extra field could contain plaintext. It proves only the
 * shape, not that the data is encrypted. Fails with `notEncrypted`; the message names the broken rule, never the data.
 */
export function parseEncryptedPayload(text: string): Parsed<EncryptedPayload> {
  const json = parseJson(text, problem("expected JSON"));
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  if (fields === undefined) return refuse("expected a JSON object");
  const nonce = fields.get("nonce");
  const ciphertext = fields.get("ciphertext");
  if (typeof nonce !== "string" || typeof ciphertext !== "string")
    return refuse("expected nonce and ciphertext to be strings");
  if (fields.size !== 2 || countQuotationMarks(text) !== quotationMarks) return refuse("expected no other fields");
  if (!isCanonicalBase64(nonce)) return refuse("expected nonce to be canonical base64");
  if (base64ByteLength(nonce) !== nonceBytes) {
    return refuse(`expected a nonce of ${nonceBytes} bytes, got ${base64ByteLength(nonce)}`);
  }
  if (!isCanonicalBase64(ciphertext)) return refuse("expected ciphertext to be canonical base64");
  if (base64ByteLength(ciphertext) < tagBytes) {
    return refuse(`expected a ciphertext of at least ${tagBytes} bytes, got ${base64ByteLength(ciphertext)}`);
  }
  return ok({ nonce, ciphertext });
}

function refuse(rule: string): ReturnType<typeof fail> {
  return { ok: false, error: problem(rule) };
}

function problem(rule: string): Problem {
  return {
    id: "notEncrypted",
    message: `Data on an encrypted channel must be {"nonce","ciphertext"}: ${rule}. Was it published without an encryption master key?`,
  };
}

function countQuotationMarks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1 && count <= quotationMarks; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

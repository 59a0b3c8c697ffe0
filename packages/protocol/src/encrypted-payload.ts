import { base64ByteLength, isCanonicalBase64 } from "./base64.ts";
import { ownProperties, parseJson } from "./json.ts";
import { fail, ok, type Parsed, type Problem } from "./parsed.ts";

/** `data` of an event on an encrypted channel: what the service carries and cannot open. */
export interface EncryptedPayload {
  /** Base64 of 24 bytes. */
  readonly nonce: string;
  /** Base64 of at least 16 bytes: the tag, then the encrypted text. */
  readonly ciphertext: string;
}

const nonceBytes = 24;
const tagBytes = 16;
/** Two names and two values in quotation marks; one mark more means a repeated or a further field. */
const quotationMarks = 8;

/**
 * Checks the `data` text of an event on an encrypted channel: a JSON object with exactly `nonce` and `ciphertext`, both
 * canonical base64 of the right length. Strict on purpose: a further field could carry plaintext. It proves a shape, not
 * that somebody encrypted. Fails with `notEncrypted`, naming the broken rule and never the data.
 */
export function parseEncryptedPayload(text: string): Parsed<EncryptedPayload> {
  const json = parseJson(text, problem("it must be JSON"));
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  if (fields === undefined) return refuse("it must be a JSON object");
  const nonce = fields.get("nonce");
  const ciphertext = fields.get("ciphertext");
  if (typeof nonce !== "string" || typeof ciphertext !== "string") return refuse("nonce and ciphertext must be text");
  if (fields.size !== 2 || countQuotationMarks(text) !== quotationMarks) return refuse("it must have no other fields");
  if (!isCanonicalBase64(nonce)) return refuse("nonce must be canonical base64");
  if (base64ByteLength(nonce) !== nonceBytes) {
    return refuse(`nonce must be ${nonceBytes} bytes, found ${base64ByteLength(nonce)}`);
  }
  if (!isCanonicalBase64(ciphertext)) return refuse("ciphertext must be canonical base64");
  if (base64ByteLength(ciphertext) < tagBytes) {
    return refuse(`ciphertext must be at least ${tagBytes} bytes, found ${base64ByteLength(ciphertext)}`);
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

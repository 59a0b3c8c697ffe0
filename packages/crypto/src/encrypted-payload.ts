import { ownProperties } from "@sealcast/protocol";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { decodePlaintext, type Plaintext } from "./plaintext.ts";
import { naclSecretbox } from "./schemes/nacl-secretbox.ts";
import { encodeUtf8 } from "./utf8.ts";

/** What became of an encrypted payload. */
export type OpenedPayload =
  | {
      readonly ok: true;
      readonly plaintext: Plaintext;
      /** Which of the given secrets opened it, counted from 0. */
      readonly secretIndex: number;
    }
  | {
      readonly ok: false;
      /**
       * `malformed`: no key can ever open it, so that nobody should ask for one. `auth-failed`: none of the given secrets
       * opens it; a newer one might.
       */
      readonly reason: "malformed" | "auth-failed";
    };

/** The most that a server may be set to carry. A test compares it with the limits of the protocol. */
const longestText = 1_048_576;

/**
 * Seals a text for an encrypted channel and gives the `data` text of the event: `{"nonce":…,"ciphertext":…}`.
 *
 * @param secret key of the channel, 32 bytes.
 * @param nonce 24 bytes from a cryptographic generator, never used before.
 */
export function sealPayload(secret: Uint8Array, nonce: Uint8Array, text: string): string {
  const ciphertext = naclSecretbox.seal(secret, nonce, encodeUtf8(text));
  return `{"nonce":"${encodeBase64(nonce)}","ciphertext":"${encodeBase64(ciphertext)}"}`;
}

/** Length of the `data` text that {@link sealPayload} makes out of a plaintext of `plaintextBytes` bytes. */
export function sealedLength(plaintextBytes: number): number {
  const frameCharacters = '{"nonce":"","ciphertext":""}'.length;
  return (
    frameCharacters + base64Length(naclSecretbox.nonceBytes) + base64Length(plaintextBytes + naclSecretbox.tagBytes)
  );
}

/**
 * Opens the `data` of an event on an encrypted channel. Never throws on any data, and never gives a value that a key
 * holder did not seal. Fields besides `nonce` and `ciphertext` are ignored, as the official clients do.
 *
 * @param secrets keys of the channel, 32 bytes each, in the order in which to try them: newest first.
 * @param data text, or the object where a transport has parsed it already.
 * @param maxCharacters longest text that is looked at; default 1,048,576, the most that a server may be set to carry.
 */
export function openPayload(
  secrets: readonly Uint8Array[],
  data: unknown,
  maxCharacters: number = longestText,
): OpenedPayload {
  if (typeof data === "string" && data.length > maxCharacters) return malformed;
  const fields = ownProperties(typeof data === "string" ? parseOrUndefined(data) : data);
  const nonce = readPart(fields?.get("nonce"), maxCharacters);
  const ciphertext = readPart(fields?.get("ciphertext"), maxCharacters);
  return nonce && ciphertext ? openBox(secrets, nonce, ciphertext) : malformed;
}

/** Does the same with the two parts of a payload, as bytes. Bytes of a length that cannot be are `malformed`. */
export function openBox(secrets: readonly Uint8Array[], nonce: Uint8Array, ciphertext: Uint8Array): OpenedPayload {
  if (nonce.length !== naclSecretbox.nonceBytes || ciphertext.length < naclSecretbox.tagBytes) return malformed;
  for (const [secretIndex, secret] of secrets.entries()) {
    const bytes = naclSecretbox.open(secret, nonce, ciphertext);
    if (bytes === undefined) continue;
    const plaintext = decodePlaintext(bytes);
    // A key holder sealed it, but it is not UTF-8.
    return plaintext === undefined ? malformed : { ok: true, plaintext, secretIndex };
  }
  return { ok: false, reason: "auth-failed" };
}

const malformed = { ok: false, reason: "malformed" } as const;

function readPart(value: unknown, maxCharacters: number): Uint8Array | undefined {
  return typeof value === "string" && value.length <= maxCharacters ? decodeBase64(value) : undefined;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

import { ownProperties } from "@sealcast/protocol";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import type { Cipher } from "./cipher.ts";
import { decodePlaintext, type Plaintext } from "./plaintext.ts";
import { naclSecretbox } from "./ciphers/nacl-secretbox.ts";
import { encodeUtf8 } from "./utf8.ts";

/** The result of opening an encrypted payload. */
export type OpenedPayload =
  | {
      readonly ok: true;
      readonly plaintext: Plaintext;
      /** Index of the secret that opened it. */
      readonly secretIndex: number;
    }
  | {
      readonly ok: false;
      /**
       * `malformed`: no key can open it, so do not ask for new keys. `auth-failed`: none of the given secrets opens it; a
       * newer one may.
       */
      readonly reason: "malformed" | "auth-failed";
    };

/** Largest data that a server can be configured to carry. A test compares it with the limits of the protocol. */
const longestText = 1_048_576;

/**
 * Seals a text for an encrypted channel. Returns the `data` of the event: `{"nonce":…,"ciphertext":…}`.
 *
 * @param secret key of the channel, 32 bytes.
 * @param nonce 24 bytes from a cryptographic generator, never used before with this key.
 * @param cipher another implementation of the same cipher. Default: the portable one.
 * @param toBase64 another implementation of base64. Default: the portable one.
 * @throws {RangeError} if the secret or the nonce has another length.
 * @example
 * const nonce = crypto.getRandomValues(new Uint8Array(24));
 * const data = sealPayload(secret, nonce, JSON.stringify({ total: 12 }));
 */
export function sealPayload(
  secret: Uint8Array,
  nonce: Uint8Array,
  text: string,
  cipher: Cipher = naclSecretbox,
  toBase64: (bytes: Uint8Array) => string = encodeBase64,
): string {
  const ciphertext = cipher.seal(secret, nonce, encodeUtf8(text));
  return `{"nonce":"${toBase64(nonce)}","ciphertext":"${toBase64(ciphertext)}"}`;
}

/**
 * Returns the length of the `data` that {@link sealPayload} returns, in characters.
 *
 * @param plaintextBytes length of the plaintext in bytes of UTF-8.
 * @example
 * const fits = sealedLength(utf8Length(text)) <= 10_240; // utf8Length of @sealcast/protocol
 */
export function sealedLength(plaintextBytes: number): number {
  const frameCharacters = '{"nonce":"","ciphertext":""}'.length;
  return (
    frameCharacters + base64Length(naclSecretbox.nonceBytes) + base64Length(plaintextBytes + naclSecretbox.tagBytes)
  );
}

/**
 * Opens the `data` of an event on an encrypted channel. Never throws, whatever the data. Returns a plaintext only if its
 * tag verifies. Ignores fields besides `nonce` and `ciphertext`, as the official clients do.
 *
 * @param secrets keys of the channel, 32 bytes each, in the order to try: newest first.
 * @param data a string, or the object that a transport has parsed already.
 * @param maxCharacters longest accepted string. Default 1,048,576, the most that a server can be configured to carry.
 * @throws {RangeError} if a secret has another length.
 * @example
 * const opened = openPayload([secret], event.data);
 * if (opened.ok) console.log(opened.plaintext.value);
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

/**
 * Opens an encrypted payload whose two parts are decoded already. Parts with an impossible length are `malformed`.
 *
 * @param secrets keys of the channel, 32 bytes each, in the order to try: newest first.
 * @param nonce 24 bytes.
 * @param ciphertext at least 16 bytes: the tag, and behind it the encrypted text.
 * @throws {RangeError} if a secret has another length.
 */
export function openBox(secrets: readonly Uint8Array[], nonce: Uint8Array, ciphertext: Uint8Array): OpenedPayload {
  if (nonce.length !== naclSecretbox.nonceBytes || ciphertext.length < naclSecretbox.tagBytes) return malformed;
  for (const [secretIndex, secret] of secrets.entries()) {
    const bytes = naclSecretbox.open(secret, nonce, ciphertext);
    if (bytes === undefined) continue;
    const plaintext = decodePlaintext(bytes);
    // The tag verifies, but the plaintext is not UTF-8.
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

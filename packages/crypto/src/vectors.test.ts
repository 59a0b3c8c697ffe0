import { readFileSync } from "node:fs";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { channelStringToSign } from "@sealcast/protocol";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { deriveChannelKey } from "./channel-key.ts";
import { openPayload, sealedLength, sealPayload } from "./encrypted-payload.ts";
import { decodePlaintext } from "./plaintext.ts";
import { naclSecretbox } from "./ciphers/nacl-secretbox.ts";
import { sign } from "./signature.ts";
import { encodeUtf8 } from "./utf8.ts";

interface Case {
  readonly tcId: number;
  readonly comment: string;
}
interface DerivationCase extends Case {
  readonly masterKey: string;
  readonly channel: string;
  readonly sharedSecret: string;
  readonly differsFrom?: string;
}
/** A constant from the test suite of an official library. Some have no master key; some have an event. */
interface OfficialCase {
  readonly tcId: number;
  readonly source: string;
  readonly masterKey?: string;
  readonly channel?: string;
  readonly sharedSecret: string;
  readonly nonce?: string;
  readonly plaintext?: string;
  readonly ciphertext?: string;
}
interface PrimitiveCase extends Case {
  readonly keyHex: string;
  readonly nonceHex: string;
  readonly plaintextHex: string;
  readonly ciphertextHex: string;
}
interface SealCase extends DerivationCase {
  readonly nonce: string;
  readonly plaintext?: string;
  readonly plaintextHex?: string;
  readonly plaintextGen?: { readonly repeat: string; readonly count: number };
  readonly plaintextLength: number;
  readonly ciphertext?: string;
  readonly ciphertextSha256Hex?: string;
  readonly ciphertextFirst32Hex?: string;
  readonly dataLength: number;
  readonly data?: string;
  readonly decoded?: { readonly json?: unknown; readonly text?: string; readonly invalidUtf8?: true };
}
interface PayloadCase extends Case {
  readonly sharedSecret: string;
  readonly dataText?: string;
  readonly dataObject?: unknown;
}
interface OpenCase extends PayloadCase {
  readonly expect: { readonly json: unknown };
}
interface RejectCase extends PayloadCase {
  readonly result: "malformed" | "auth-failed";
}
interface KeyRingCase extends Case {
  readonly masterKeysNewestFirst: readonly string[];
  readonly channel: string;
  readonly sharedSecrets: readonly string[];
  readonly data: string;
  readonly expect: { readonly json?: unknown; readonly secretIndex?: number; readonly result?: "auth-failed" };
}
interface AuthResponseCase extends Case {
  readonly key?: string;
  readonly secret?: string;
  readonly socketId?: string;
  readonly channel?: string;
  readonly channelDataObject?: unknown;
  readonly masterKey?: string;
  readonly response?: { readonly auth: string; readonly shared_secret: string };
}
interface Vectors {
  readonly counts: Readonly<Record<string, number>>;
  readonly primitive: readonly PrimitiveCase[];
  readonly derivation: readonly DerivationCase[];
  readonly derivationDotnetServer: readonly DerivationCase[];
  readonly official: readonly OfficialCase[];
  readonly seal: readonly SealCase[];
  readonly open: readonly OpenCase[];
  readonly reject: readonly RejectCase[];
  readonly keyRing: readonly KeyRingCase[];
  readonly authResponse: readonly AuthResponseCase[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../vectors/secretbox-channels.json", import.meta.url), "utf8"),
) as Vectors;

describe("vectors/secretbox-channels.json", () => {
  test("holds 130 different cases in the groups that run below and in the client, and no others", () => {
    const { primitive, derivation, derivationDotnetServer, official, seal, open, reject, keyRing, authResponse } =
      vectors;
    const groups = {
      primitive,
      derivation,
      derivationDotnetServer,
      official,
      seal,
      open,
      reject,
      keyRing,
      authResponse,
    };
    const numbers = Object.values(groups).flatMap((rows: readonly { readonly tcId: number }[]) =>
      rows.map((row) => row.tcId),
    );
    expect(new Set(numbers).size).toBe(130);
    expect(Object.fromEntries(Object.entries(groups).map(([name, rows]) => [name, rows.length]))).toEqual(
      vectors.counts,
    );
  });

  test.each(vectors.primitive)("$tcId primitive: $comment", (row) => {
    const [key, nonce, plaintext] = [hexToBytes(row.keyHex), hexToBytes(row.nonceHex), hexToBytes(row.plaintextHex)];
    expect(bytesToHex(naclSecretbox.seal(key, nonce, plaintext))).toBe(row.ciphertextHex);
    expect(naclSecretbox.open(key, nonce, hexToBytes(row.ciphertextHex))).toEqual(plaintext);
  });

  test.each(vectors.derivation)("$tcId derivation: $channel", (row) => {
    expect(encodeBase64(deriveChannelKey(bytes(row.masterKey), row.channel))).toBe(row.sharedSecret);
  });

  test.each(vectors.official)("$tcId official: $source", (row) => {
    const { masterKey, channel = "", sharedSecret, nonce, plaintext = "", ciphertext } = row;
    const secret = masterKey === undefined ? bytes(sharedSecret) : deriveChannelKey(bytes(masterKey), channel);
    const sealed = nonce === undefined ? undefined : sealPayload(secret, bytes(nonce), plaintext);
    expect(encodeBase64(secret)).toBe(sharedSecret);
    expect(sealed).toBe(nonce && JSON.stringify({ nonce, ciphertext }));
  });

  test.each(vectors.derivationDotnetServer)("$tcId .NET derivation: $channel", (row) => {
    expect(encodeBase64(deriveChannelKey(bytes(row.masterKey), row.channel, "dotnet"))).toBe(row.sharedSecret);
    expect(encodeBase64(deriveChannelKey(bytes(row.masterKey), row.channel))).toBe(row.differsFrom);
  });

  test.each(vectors.seal)("$tcId seal: $comment", (row) => {
    const secret = deriveChannelKey(bytes(row.masterKey), row.channel);
    expect(encodeBase64(secret)).toBe(row.sharedSecret);
    const plaintext = plaintextOf(row);
    const ciphertext = naclSecretbox.seal(secret, bytes(row.nonce), plaintext);
    expect(plaintext.length).toBe(row.plaintextLength);
    expect(sealedLength(plaintext.length)).toBe(row.dataLength);
    expect(naclSecretbox.open(secret, bytes(row.nonce), ciphertext)).toEqual(plaintext);
    expect({
      ciphertext: row.ciphertext && encodeBase64(ciphertext),
      ciphertextSha256Hex: row.ciphertextSha256Hex && bytesToHex(sha256(ciphertext)),
      ciphertextFirst32Hex: row.ciphertextFirst32Hex && bytesToHex(ciphertext.subarray(0, 32)),
    }).toEqual({
      ciphertext: row.ciphertext,
      ciphertextSha256Hex: row.ciphertextSha256Hex,
      ciphertextFirst32Hex: row.ciphertextFirst32Hex,
    });
  });

  test.each(vectors.seal)("$tcId sealed and opened as an event: $comment", (row) => {
    const secret = bytes(row.sharedSecret);
    const text = decodePlaintext(plaintextOf(row))?.text;
    const data =
      text === undefined
        ? JSON.stringify({ nonce: row.nonce, ciphertext: row.ciphertext })
        : sealPayload(secret, bytes(row.nonce), text);
    expect(data).toHaveLength(row.dataLength);
    expect(data).toBe(row.data ?? data);
    expect(openPayload([secret], data)).toMatchObject(
      row.decoded?.invalidUtf8 === true
        ? { ok: false, reason: "malformed" }
        : { ok: true, plaintext: { text, value: row.decoded?.json ?? parsed(text) } },
    );
  });

  test.each(vectors.open)("$tcId open: $comment", (row) => {
    expect(openPayload([bytes(row.sharedSecret)], row.dataText ?? row.dataObject)).toMatchObject({
      ok: true,
      plaintext: { value: row.expect.json },
    });
  });

  test.each(vectors.reject)("$tcId reject: $comment", (row) => {
    expect(openPayload([bytes(row.sharedSecret)], row.dataText ?? row.dataObject)).toMatchObject({
      ok: false,
      reason: row.result,
    });
  });

  test.each(vectors.keyRing)("$tcId key ring: $comment", (row) => {
    const secrets = row.masterKeysNewestFirst.map((key) => deriveChannelKey(bytes(key), row.channel));
    expect(secrets.map(encodeBase64)).toEqual(row.sharedSecrets);
    expect(openPayload(secrets, row.data)).toMatchObject(
      row.expect.result === undefined
        ? { ok: true, secretIndex: row.expect.secretIndex, plaintext: { value: row.expect.json } }
        : { ok: false, reason: row.expect.result },
    );
  });

  test.each(vectors.authResponse.filter((row) => row.response !== undefined))("$tcId $comment", (row) => {
    const { key = "", secret = "", socketId = "", channel = "", masterKey = "" } = row;
    const channelData = row.channelDataObject === undefined ? undefined : JSON.stringify(row.channelDataObject);
    const signature = sign(secret, channelStringToSign(socketId, channel, channelData));
    expect(`${key}:${signature}`).toBe(row.response?.auth);
    expect(encodeBase64(deriveChannelKey(bytes(masterKey), channel))).toBe(row.response?.shared_secret);
  });
});

function bytes(base64: string): Uint8Array {
  const decoded = decodeBase64(base64);
  if (decoded === undefined) throw new Error(`not base64: ${base64}`);
  return decoded;
}

/** The value of a text: parsed JSON, or the text itself. */
function parsed(text = ""): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function plaintextOf(row: SealCase): Uint8Array {
  if (row.plaintextHex !== undefined) return hexToBytes(row.plaintextHex);
  if (row.plaintextGen !== undefined) return encodeUtf8(row.plaintextGen.repeat.repeat(row.plaintextGen.count));
  return encodeUtf8(row.plaintext ?? "");
}

import { readFileSync } from "node:fs";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { createSigner, verifySignature } from "../ed25519.ts";
import { testCiphers } from "../testing/test-ciphers.ts";
import { blindedChannelName } from "./blinded-name.ts";
import { sealedKinds, type SealedContext, type SealedKind } from "./context.ts";
import { padmeLength, type Padding } from "./padding.ts";
import { createReplayGuard } from "./replay-guard.ts";
import { contentOf, openEnvelope, signatureProblem } from "./open.ts";
import { envelopeLength, sealEnvelope } from "./seal.ts";
import { deriveSealedKey } from "./sealed-key.ts";
import { signerIdText } from "./signer.ts";

interface SealCase {
  readonly tcId: number;
  readonly comment: string;
  readonly keyHex: string;
  readonly keyId: string;
  readonly nonceHex: string;
  readonly kind: number;
  readonly channel: string;
  readonly label: string;
  readonly sidHex: string;
  readonly seq: number;
  readonly ts: number;
  readonly payloadHex: string;
  readonly payloadIsBytes: boolean;
  readonly hiddenName: string | null;
  readonly pad: Padding;
  readonly signer: string | null;
  readonly data: string;
  readonly dataLength: number;
}
interface RejectCase {
  readonly tcId: number;
  readonly comment: string;
  readonly keyIds: readonly string[];
  readonly context: { channel: string; label: string; kind: number; requireSignature: boolean };
  readonly data: unknown;
  readonly result: string;
}
interface ReplayStep {
  readonly sid: string;
  readonly seq: number;
  readonly ts: number;
  readonly cached?: boolean;
  readonly gap?: number;
  readonly expect: string;
}
interface Vectors {
  readonly counts: Readonly<Record<string, number>>;
  readonly derive: readonly {
    tcId: number;
    masterHex: string;
    appId: string;
    channel: string;
    generation: number;
    keyHex: string;
    keyId: string;
  }[];
  readonly blind: readonly { tcId: number; nameKeyHex: string; prefix: string; name: string; wireName: string }[];
  readonly seal: readonly SealCase[];
  readonly reject: readonly RejectCase[];
  readonly replay: readonly { tcId: number; comment: string; floor: number; steps: readonly ReplayStep[] }[];
  readonly padme: readonly (readonly [bytes: number, padded: number])[];
  readonly signers: readonly { secretHex: string; publicHex: string; id: string; note?: string }[];
  readonly subscriberKeys: readonly { id: string; keyHex: string }[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../../vectors/sealed-channels.json", import.meta.url), "utf8"),
) as Vectors;
const signers = new Map(vectors.signers.map(({ id, secretHex }) => [id, createSigner(hexToBytes(secretHex))]));
/** The public keys that a subscriber trusts: one signer is not on its list. */
const trusted = new Map(
  vectors.signers.filter(({ note }) => note === undefined).map(({ id, publicHex }) => [id, hexToBytes(publicHex)]),
);
const kindOf = (number: number): SealedKind =>
  (Object.keys(sealedKinds) as SealedKind[]).find((kind) => sealedKinds[kind] === number) ?? "server-event";

test("vectors/sealed-channels.json holds 76 different cases in the groups that run below, and 25 lengths", () => {
  const { derive, blind, seal, reject, replay, padme, counts } = vectors;
  const ids = [derive, blind, seal, reject, replay].flatMap((rows) => rows.map(({ tcId }) => tcId));
  expect(new Set(ids).size).toBe(76);
  expect({
    derive: derive.length,
    blind: blind.length,
    seal: seal.length,
    reject: reject.length,
    replay: replay.length,
    padme: padme.length,
  }).toEqual(counts);
});

test.each(vectors.derive)("[SEAL3] $tcId key of app $appId, $channel, generation $generation", (row) => {
  const { id, key } = deriveSealedKey(hexToBytes(row.masterHex), row);
  expect([id, bytesToHex(key)]).toEqual([row.keyId, row.keyHex]);
});

test.each(vectors.blind)("[SEAL9] $tcId hidden name of $prefix$name", (row) => {
  expect(blindedChannelName(hexToBytes(row.nameKeyHex), row.prefix, row.name)).toBe(row.wireName);
});

test.each(vectors.padme)("[SEAL8] a frame of %i bytes has the Padmé length %i", (bytes, padded) => {
  expect(padmeLength(bytes)).toBe(padded);
});

test.each(vectors.signers)("[SEAL6] id of signer $id", ({ id, publicHex, secretHex }) => {
  expect(signerIdText(hexToBytes(publicHex))).toBe(id);
  expect(bytesToHex(createSigner(hexToBytes(secretHex)).publicKey)).toBe(publicHex);
});

describe.each(testCiphers("xchacha20-poly1305"))("with the cipher of %s", (_, cipher) => {
  test.each(vectors.seal)("[SEAL4] $tcId seal and open: $comment", (row) => {
    const payloadBytes = hexToBytes(row.payloadHex);
    const context: SealedContext = { kind: kindOf(row.kind), channel: row.channel, label: row.label };
    const options = { padding: row.pad, signer: signers.get(row.signer ?? ""), cipher };
    const stamp = { session: hexToBytes(row.sidHex), seq: row.seq, sentMs: row.ts };
    const payload = row.payloadIsBytes ? payloadBytes : Buffer.from(payloadBytes).toString("utf8");
    const hiddenName = row.hiddenName ?? undefined;
    const key = { id: row.keyId, key: hexToBytes(row.keyHex) };
    const data = sealEnvelope({ ...context, stamp, payload, hiddenName }, key, hexToBytes(row.nonceHex), options);
    expect(data).toBe(row.data);
    expect(data).toHaveLength(row.dataLength);
    expect(envelopeLength(payloadBytes.length, hiddenName, options)).toBe(row.dataLength);

    const opened = openEnvelope(JSON.parse(data), context, (id) => (id === key.id ? key.key : undefined), { cipher });
    expect(opened).toMatchObject({ ok: true, keyId: row.keyId, stamp: { seq: row.seq, sentMs: row.ts } });
    if (!opened.ok) return;
    expect(bytesToHex(opened.stamp.session)).toBe(row.sidHex);
    expect(signatureProblem(opened, trusted, row.signer !== null, verifySignature)).toBeUndefined();
    const value = row.payloadIsBytes ? payloadBytes : (JSON.parse(String(payload)) as unknown);
    expect(contentOf(opened, context)).toEqual({ name: hiddenName ?? row.label, value });
  });

  test.each(vectors.reject)("[SEAL5] $tcId refuse: $comment", (row) => {
    const context: SealedContext = { ...row.context, kind: kindOf(row.context.kind) };
    const keys = new Map(vectors.subscriberKeys.map(({ id, keyHex }) => [id, hexToBytes(keyHex)]));
    const keyOf = (id: string): Uint8Array | undefined => (row.keyIds.includes(id) ? keys.get(id) : undefined);
    const opened = openEnvelope(row.data, context, keyOf, { cipher });
    const reason = opened.ok
      ? (signatureProblem(opened, trusted, row.context.requireSignature, verifySignature) ??
        (contentOf(opened, context) === undefined ? "malformed" : "accepted"))
      : opened.reason;
    expect(reason).toBe(row.result);
  });
});

test.each(vectors.replay)("[SEAL7] $tcId replay guard: $comment", ({ floor, steps }) => {
  const guard = createReplayGuard(floor);
  for (const step of steps) {
    const decision = guard.accept({ session: step.sid, seq: step.seq, sentMs: step.ts }, step.cached);
    expect({ ...step, expect: decision.ok ? "ok" : decision.reason }).toEqual(step);
    expect(decision).toMatchObject(step.gap === undefined ? {} : { gap: step.gap });
  }
});

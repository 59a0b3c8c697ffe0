import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSigner, verifySignature } from "../ed25519.ts";
import { sealedKinds, type SealedContext, type SealedKind } from "./context.ts";
import { contentOf, openEnvelope, signatureProblem, type EnvelopeResult } from "./open.ts";
import type { Padding } from "./padding.ts";
import { paddedLength } from "./padding.ts";
import { envelopeLength, sealEnvelope, type Sealable } from "./seal.ts";
import { deriveSealedKey, type SealedKey } from "./sealed-key.ts";
import { signerIdText } from "./signer.ts";

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const channel = "private-sealed-orders";
const key = deriveSealedKey(random(32), { appId: "1", channel, generation: 0 });
const stamp = { session: random(8), seq: 1, sentMs: 1_760_000_000_000 };
const event: Sealable = { kind: "server-event", channel, label: "created", stamp, payload: '{"total":12}' };
const signer = createSigner(random(32));
const signers = new Map([[signerIdText(signer.publicKey), signer.publicKey]]);

const seal = (changes: Partial<Sealable> = {}, options = {}): string =>
  sealEnvelope({ ...event, ...changes }, key, random(24), options);
const open = (data: string, context: SealedContext = event, { id, key: bytes }: SealedKey = key): EnvelopeResult =>
  openEnvelope(JSON.parse(data), context, (wanted) => (wanted === id ? bytes : undefined));
const isOpened = (envelope: Uint8Array): boolean =>
  open(JSON.stringify({ sealed: Buffer.from(envelope).toString("base64url") })).ok;

describe("[SEAL4] an envelope", () => {
  test("opens to what was sealed, for any event, padding and signature", () => {
    const padding = fc.constantFrom<Padding>("none", "padme", 1, 100, 65_536);
    const kinds = fc.constantFrom(...(Object.keys(sealedKinds) as SealedKind[]));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json().map((payload): [string, unknown] => [payload, JSON.parse(payload)]),
          fc.uint8Array({ maxLength: 300 }).map((payload): [Uint8Array, unknown] => [payload, payload]),
        ),
        kinds,
        fc.record({ channel: fc.string({ unit: "binary" }), label: fc.string({ unit: "binary" }) }),
        fc.record({ session: fc.uint8Array({ minLength: 8, maxLength: 8 }), seq: fc.integer({ min: 1 }) }),
        fc.option(fc.stringMatching(/^[a-z]{0,20}é?$/)),
        padding,
        fc.boolean(),
        ([payload, value], kind, names, sender, name, pad, isSigned) => {
          const hiddenName = name === null ? undefined : kind === "client-event" ? `client-${name}` : name;
          const seq = kind === "member-info" ? 0 : sender.seq;
          const context = { kind, ...names };
          const options = { padding: pad, signer: isSigned ? signer : undefined };
          const sealable = { ...context, stamp: { ...sender, seq, sentMs: 5 }, payload, hiddenName };
          const data = seal(sealable, options);
          const opened = open(data, context);
          expect(opened).toMatchObject({ ok: true, keyId: key.id, stamp: { seq, sentMs: 5 } });
          if (!opened.ok) return;
          const bytes = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
          expect(envelopeLength(bytes, hiddenName, options)).toBe(data.length);
          expect(Buffer.from(sender.session).equals(opened.stamp.session)).toBe(true);
          expect(signatureProblem(opened, signers, isSigned, verifySignature)).toBeUndefined();
          expect(contentOf(opened, context)).toEqual({ name: hiddenName ?? names.label, value });
        },
      ),
      { numRuns: 150 },
    );
  });

  test("[SEAL5] does not open after any bit was flipped, or any byte cut off or added", () => {
    const { sealed } = JSON.parse(seal({}, { padding: "none" })) as { sealed: string };
    const bytes = Buffer.from(sealed, "base64url");
    expect(isOpened(bytes)).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(isOpened(changed)).toBe(false);
    }
    for (let length = 0; length < bytes.length; length += 1) expect(isOpened(bytes.subarray(0, length))).toBe(false);
    expect(isOpened(Buffer.concat([bytes, Buffer.alloc(1)]))).toBe(false);
  });

  test.each<[what: string, context: SealedContext, usedKey: SealedKey, reason: string]>([
    ["another channel", { ...event, channel: "private-sealed-other" }, key, "auth-failed"],
    ["another event", { ...event, label: "deleted" }, key, "auth-failed"],
    ["another kind", { ...event, kind: "client-event" }, key, "kind"],
    [
      "a name that moves between channel and event",
      { ...event, channel: `${channel}c`, label: "reated" },
      key,
      "auth-failed",
    ],
    ["a wrong key under the right id", event, { id: key.id, key: random(32) }, "auth-failed"],
    ["a key with another id", event, { id: "AAAAAAAAAAA", key: key.key }, "unknown-key"],
  ])("[SEAL5] does not open with %s", (_, context, usedKey, reason) => {
    expect(open(seal(), context, usedKey)).toEqual({ ok: false, reason });
  });

  test("[SEAL5] opening never throws, whatever the data", () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (value, text) => {
        for (const data of [value, { sealed: text }, { sealed: value }]) {
          expect(openEnvelope(data, event, () => key.key)).toEqual({ ok: false, reason: expect.any(String) as string });
        }
      }),
    );
  });

  test("[SEAL5] any plaintext of a key holder is a frame or malformed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 25, maxLength: 200 }), (plaintext) => {
        const opened = openEnvelope(JSON.parse(seal()), event, () => key.key, {
          cipher: { keyBytes: 32, nonceBytes: 24, tagBytes: 16, seal: () => plaintext, open: () => plaintext },
        });
        const fits = opened.ok ? opened.payload.length <= plaintext.length - 25 : opened.reason === "malformed";
        expect(fits).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("[SEAL5] does not decode what is longer than allowed", () => {
    const data = JSON.parse(seal()) as { sealed: string };
    const limited = (maxCharacters: number): EnvelopeResult =>
      openEnvelope(data, event, () => key.key, { maxCharacters });
    expect(limited(data.sealed.length).ok).toBe(true);
    expect(limited(data.sealed.length - 1)).toEqual({ ok: false, reason: "malformed" });
  });

  test("[SEAL6] a signature of another signer, or for another channel, is refused", () => {
    const opened = open(seal({}, { signer }));
    const other = createSigner(random(32));
    const problem = (list: ReadonlyMap<string, Uint8Array>, isRequired: boolean): string | undefined =>
      opened.ok ? signatureProblem(opened, list, isRequired, verifySignature) : "not opened";
    for (const isRequired of [true, false]) {
      expect(problem(signers, isRequired)).toBeUndefined();
      expect(problem(new Map(), isRequired)).toBe("unknown-signer");
      expect(problem(new Map([...signers.keys()].map((id) => [id, other.publicKey])), isRequired)).toBe(
        "bad-signature",
      );
    }
    const unsigned = open(seal());
    expect(unsigned.ok && signatureProblem(unsigned, signers, true, verifySignature)).toBe("unsigned");
    expect(unsigned.ok && signatureProblem(unsigned, signers, false, verifySignature)).toBeUndefined();
  });

  test.each<[what: string, changes: Partial<Sealable>, usedKey: Partial<SealedKey>]>([
    ["a short session", { stamp: { ...stamp, session: random(7) } }, {}],
    ["a long session", { stamp: { ...stamp, session: random(9) } }, {}],
    ["a number that is too large", { stamp: { ...stamp, seq: 2 ** 48 } }, {}],
    ["a fraction as number", { stamp: { ...stamp, seq: 1.5 } }, {}],
    ["a negative time", { stamp: { ...stamp, sentMs: -1 } }, {}],
    ["a name that is too long", { hiddenName: "x".repeat(65_536) }, {}],
    ["a short key", {}, { key: random(31) }],
    ["a short key id", {}, { id: "AAAAAAAAAA" }],
    ["a key id that is not base64url", {}, { id: "+/+/AAAAAAA" }],
  ])("sealing refuses %s", (_, changes, usedKey) => {
    expect(() => sealEnvelope({ ...event, ...changes }, { ...key, ...usedKey }, random(24))).toThrow(RangeError);
  });
});

describe("[SEAL8] padding", () => {
  test("with Padmé adds at most 12% above 64 bytes, and never decreases", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000 }), (bytes) => {
        const padded = paddedLength(bytes, "padme");
        expect(padded).toBeGreaterThanOrEqual(Math.max(bytes, 64));
        expect(padded).toBeLessThanOrEqual(Math.max(bytes * 1.12, 64));
        expect(paddedLength(bytes + 1, "padme")).toBeGreaterThanOrEqual(padded);
      }),
    );
  });

  test.each([0, -1, 1.5, 65_537, NaN])("refuses %d bytes", (padding) => {
    expect(() => paddedLength(10, padding)).toThrow(RangeError);
  });

  test("[SEAL3] keys need a ring key of 32 bytes and a generation that fits into 32 bits", () => {
    const context = { appId: "1", channel, generation: 0 };
    expect(() => deriveSealedKey(random(31), context)).toThrow("Invalid ring key: expected 32 bytes, got 31");
    for (const generation of [-1, 0.5, 2 ** 32]) {
      expect(() => deriveSealedKey(random(32), { ...context, generation })).toThrow(RangeError);
    }
  });
});

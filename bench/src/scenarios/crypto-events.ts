import { createHash, randomBytes } from "node:crypto";
import { deriveChannelKey, openPayload, sealPayload } from "@sealcast/crypto";
import { createSigner } from "@sealcast/crypto/ed25519";
import { contentOf, deriveSealedKey, openEnvelope, sealEnvelope, type SealedContext } from "@sealcast/crypto/sealed";
import { generateMasterKey, Sealcast } from "@sealcast/server-sdk";
import nacl from "tweetnacl";

/** One way from the value of an event to the `data` on the wire, and back. */
export interface EventScheme {
  readonly name: string;
  readonly seal: (value: unknown) => string;
  readonly open: (data: string) => unknown;
}

const masterKey = randomBytes(32);
const appId = "1001";
const channel = "private-encrypted-orders";
const sealedChannel = "private-sealed-orders";
const secret = deriveChannelKey(masterKey, channel);
const sealedKey = deriveSealedKey(masterKey, { appId, channel: sealedChannel, generation: 0 });
const signer = createSigner(randomBytes(32));
const context: SealedContext = { kind: "server-event", channel: sealedChannel, label: "created" };
const session = randomBytes(8);
let seq = 0;

/** What `pusher` 5.3.4 and `pusher-js` 8.6.0 do, with their cipher; the faster base64 and UTF-8 of the platform. */
const official: EventScheme = {
  name: "official libraries",
  seal(value) {
    const key = createHash("sha256").update(channel).update(masterKey).digest();
    const nonce = randomBytes(24);
    const ciphertext = nacl.secretbox(Buffer.from(JSON.stringify(value)), nonce, key);
    const [nonceText, ciphertextText] = [nonce, ciphertext].map((bytes) => Buffer.from(bytes).toString("base64"));
    return JSON.stringify({ nonce: nonceText, ciphertext: ciphertextText });
  },
  open(data) {
    const { nonce, ciphertext } = JSON.parse(data) as { nonce: string; ciphertext: string };
    const opened = nacl.secretbox.open(Buffer.from(ciphertext, "base64"), Buffer.from(nonce, "base64"), secret);
    return JSON.parse(Buffer.from(opened ?? []).toString()) as unknown;
  },
};

const encrypted: EventScheme = {
  name: "encrypted channels",
  seal: (value) => sealPayload(deriveChannelKey(masterKey, channel), randomBytes(24), JSON.stringify(value)),
  open(data) {
    const opened = openPayload([secret], data);
    return opened.ok ? opened.plaintext.value : undefined;
  },
};

const sealedWith = (name: string, options: { readonly signer?: typeof signer }): EventScheme => ({
  name,
  seal(value) {
    const stamp = { session, seq: (seq += 1), sentMs: Date.now() };
    const sealable = { ...context, stamp, payload: JSON.stringify(value) };
    return sealEnvelope(sealable, sealedKey, randomBytes(24), options);
  },
  open(data) {
    const opened = openEnvelope(JSON.parse(data), context, (id) => (id === sealedKey.id ? sealedKey.key : undefined));
    return opened.ok ? contentOf(opened, context)?.value : undefined;
  },
});

/** From value to `data` and back, in plain JavaScript: what a page does, and a backend on any runtime. */
export const eventSchemes: readonly EventScheme[] = [
  official,
  encrypted,
  sealedWith("sealed channels", {}),
  sealedWith("sealed channels, signed", { signer }),
];

/** A channel that a backend publishes to. */
export interface BackendPublish {
  readonly name: string;
  readonly publish: (value: unknown) => Promise<unknown>;
}

/** Publishes with the server library to a server that answers at once: what sealing adds is the difference to `plain`. */
export function backendPublishes(): readonly BackendPublish[] {
  const answer = { status: 200, headers: [], text: async () => "{}" } as unknown as Response;
  const app = { appId, key: "k", secret: "s", timeoutMs: 0, maxDataBytes: 1_000_000, fetch: async () => answer };
  const ring = [{ key: generateMasterKey() }];
  const sealcast = new Sealcast({ ...app, encryption: { ring }, sealed: { ring: [{ key: generateMasterKey() }] } });
  const signing = { secret: generateMasterKey() };
  const signed = new Sealcast({ ...app, sealed: { ring: [{ key: generateMasterKey() }], signing } });
  return [
    { name: "plain", publish: (value) => sealcast.trigger("private-orders", "created", value) },
    { name: "encrypted channels", publish: (value) => sealcast.trigger(channel, "created", value) },
    { name: "sealed channels", publish: (value) => sealcast.trigger(sealedChannel, "created", value) },
    { name: "sealed channels, signed", publish: (value) => signed.trigger(sealedChannel, "created", value) },
  ];
}

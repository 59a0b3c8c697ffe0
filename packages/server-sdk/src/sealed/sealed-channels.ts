import { encodeBase64Url } from "@sealcast/crypto";
import {
  blindedChannelName,
  blindedUserId,
  contentOf,
  envelopeLength,
  keysForClient,
  openEnvelope,
  openingKeys,
  sealedRefreshMs,
  sealedSwitchMs,
  sealEnvelope,
  sealingKey,
  signerIdText,
  type SealedContext,
  type SealedKey,
  type SealedKeyContext,
} from "@sealcast/crypto/sealed";
import { channelKinds, isClientEvent, parseJson, traitsOf, utf8Length } from "@sealcast/protocol";
import { checkJsonValue, encodeJson } from "../arguments.ts";
import { KeyCache } from "../key-cache.ts";
import { Nonces } from "../nonces.ts";
import type { Platform } from "../platform.ts";
import { SealcastError } from "../sealcast-error.ts";
import { readSealedOptions, type SealedOptions, type SealedSettings } from "./sealed-options.ts";
import { SenderSessions } from "./sender-sessions.ts";

/** The `e2e` field of an authorization response for a sealed channel. */
export interface SealedField {
  readonly v: 2;
  readonly now: number;
  /** The key to seal with first. */
  readonly keys: readonly { readonly id: string; readonly key: string; readonly ttl_ms?: number }[];
  readonly sign: "off" | "required";
  readonly signers: readonly { readonly id: string; readonly key: string }[];
  readonly refresh_ms: number;
  /** Time until publishers seal with the next key, in milliseconds; absent if the ring has none. */
  readonly switch_ms?: number;
}

/** An event as it is sent. */
export interface SealedEvent {
  readonly name: string;
  readonly data: string;
}

const nonceBytes = 24;
/** Longest time until a client asks for keys again. Announce a key longer than this ahead. */
const maxRefreshMs = 21_600_000;

/** Seals and opens the events of sealed channels, and returns the keys for clients. */
export class SealedChannels {
  #settings: SealedSettings;
  #keys: KeyCache<SealedKey> = new KeyCache();
  readonly #appId: string;
  readonly #platform: Platform;
  readonly #sessions: SenderSessions;
  readonly #nonces: Nonces;

  constructor(options: SealedOptions, appId: string, platform: Platform) {
    this.#settings = readSealedOptions(options);
    this.#appId = appId;
    this.#platform = platform;
    this.#nonces = new Nonces(platform, nonceBytes);
    this.#sessions = new SenderSessions(platform);
  }

  /** Uses other options from now on, without a restart. */
  replaceOptions(options: SealedOptions): void {
    this.#settings = readSealedOptions(options);
    this.#keys = new KeyCache();
  }

  /** Whether the events on a channel are sealed: those of sealed channels and, if the app asks for it, those to users. */
  seals(channel: string): boolean {
    const { encryption, kind } = traitsOf(channel);
    return encryption === "sealed" || (kind === "server-to-user" && this.#settings.userEvents);
  }

  /** Seals an event. Send the result as it is, also when a request is repeated: receivers accept it once. */
  seal(channel: string, event: string, payload: string | Uint8Array): SealedEvent {
    const { hideEventNames } = this.#settings;
    const label = hideEventNames ? "sealed" : event;
    const hiddenName = hideEventNames ? event : undefined;
    const kind = traitsOf(channel).kind === "server-to-user" ? "user-event" : "server-event";
    const context: SealedContext = { kind, channel, label };
    const sealable = { ...context, stamp: this.#sessions.next(channel), payload, hiddenName };
    return {
      name: label,
      data: sealEnvelope(sealable, this.#sealingKey(channel), this.#nonces.next(), this.#settings),
    };
  }

  /** Returns the length of the `data` of a sealed event, in bytes. */
  sealedLength(event: string, payload: string | Uint8Array): number {
    const bytes = typeof payload === "string" ? utf8Length(payload) : payload.length;
    return envelopeLength(bytes, this.#settings.hideEventNames ? event : undefined, this.#settings);
  }

  /**
   * Returns the presence data of a member with a sealed `user_info`, and with a pseudonym for `user_id` if ids are hidden.
   * The server cannot move the info to another user.
   */
  sealMember(channel: string, member: { readonly user_id: string; readonly user_info?: unknown }): object {
    const label = this.#settings.blindUserIds ? this.hiddenUserId(channel, member.user_id) : member.user_id;
    const { user_info: info } = member;
    if (info === undefined) return { ...member, user_id: label };
    const stamp = { session: this.#platform.randomBytes(8), seq: 0, sentMs: this.#platform.now() };
    checkJsonValue("user_info", info);
    const payload = encodeJson("user_info", info) ?? "null";
    const sealable = { kind: "member-info", channel, label, stamp, payload } as const;
    const sealed = sealEnvelope(sealable, this.#sealingKey(channel), this.#nonces.next(), this.#settings);
    return { ...member, user_id: label, user_info: JSON.parse(sealed) as unknown };
  }

  /** Returns the keys of a channel, or of the events to a user, for a client. */
  field(channel: string): SealedField {
    const { ring, signer, publicKeys } = this.#settings;
    const now = this.#platform.now();
    const keys = keysForClient(ring, this.#keyContext(channel), now);
    const switch_ms = sealedSwitchMs(ring, now);
    return {
      v: 2,
      now,
      keys: keys.map(({ id, key, ttlMs }) => ({
        id,
        key: encodeBase64Url(key),
        ...(ttlMs === undefined ? {} : { ttl_ms: ttlMs }),
      })),
      sign: signer === undefined ? "off" : "required",
      signers: publicKeys.map((key) => ({ id: signerIdText(key), key: encodeBase64Url(key) })),
      refresh_ms: sealedRefreshMs(ring, now, this.#platform.random(), maxRefreshMs),
      ...(switch_ms !== undefined && { switch_ms }),
    };
  }

  /** Opens the `data` of an event with any key of the ring. Returns its real name and value, or undefined. */
  open(channel: string, event: string, data: string): { readonly name: string; readonly value: unknown } | undefined {
    const json = parseJson(data, { id: "notSealed", message: "" });
    if (!json.ok) return undefined;
    const context: SealedContext = {
      kind: isClientEvent(event) ? "client-event" : "server-event",
      channel,
      label: event,
    };
    const keys = openingKeys(this.#settings.ring, this.#keyContext(channel));
    const opened = openEnvelope(json.value, context, (id) => keys.get(id));
    return opened.ok ? contentOf(opened, context) : undefined;
  }

  /** Returns the name on the wire of a channel whose name the server must not see. */
  hiddenName(channel: string): string {
    const { nameKey } = this.#settings;
    const kind = channelKinds.find(({ encryption, prefix }) => encryption === "sealed" && channel.startsWith(prefix));
    if (kind === undefined) throw new SealcastError("invalid-argument", `Channel '${channel}' is not a sealed channel`);
    if (nameKey === undefined) throw new SealcastError("no-encryption-key", "Set the option sealed.nameKey first");
    return blindedChannelName(nameKey, kind.prefix, channel.slice(kind.prefix.length));
  }

  /** Returns the pseudonym under which the server knows a user on one presence channel. */
  hiddenUserId(channel: string, userId: string): string {
    const { nameKey } = this.#settings;
    if (nameKey === undefined) throw new SealcastError("no-encryption-key", "Set the option sealed.nameKey first");
    return blindedUserId(nameKey, channel, userId);
  }

  #sealingKey(channel: string): SealedKey {
    const { ring } = this.#settings;
    const now = this.#platform.now();
    const context = this.#keyContext(channel);
    return this.#keys.at(channel, context.generation, now, () => ({
      key: sealingKey(ring, context, now),
      untilMs: now + (sealedSwitchMs(ring, now) ?? Infinity),
    }));
  }

  #keyContext(channel: string): SealedKeyContext {
    return { appId: this.#appId, channel, generation: this.#settings.generation(channel) };
  }
}

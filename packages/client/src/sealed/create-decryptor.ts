import {
  contentOf,
  createReplayGuard,
  openEnvelope,
  sealEnvelope,
  signatureProblem,
  type EnvelopeResult,
  type OpenedEnvelope,
  type ReplayGuard,
  type SealedContext,
  type VerifySignature,
} from "@sealcast/crypto/sealed";
import { isClientEvent, traitsOf } from "@sealcast/protocol";
import type { DecryptionErrorReason, EncryptionCounters, EncryptionModule } from "../channels/event-decryptor.ts";
import { createEventPipeline } from "../encryption/event-pipeline.ts";
import { randomBytes } from "../random-bytes.ts";
import { fieldsOf, textOf } from "../untrusted.ts";
import { createSealedKeys, parseSealedGrant, type SealedGrant } from "./sealed-keys.ts";

/** An event as it came from the server. */
interface ReceivedEvent {
  readonly event: string;
  readonly data: unknown;
  /** The sender of a client event on a presence channel, as the server says. */
  readonly userId: string | undefined;
  /** Whether it is the first event of a subscription to a cache channel, so that it may be old. */
  readonly mayBeOld: boolean;
}

/** How much the clocks of publishers and the application's server may differ, in milliseconds. */
const clockSkewMs = 60_000;
/** Oldest accepted event of a cache channel, in milliseconds. */
const cacheMaxAgeMs = 3_600_000;

const now = (): number => performance.now();

/** The guards of a channel, one per kind of event. They remain after `wipe`: the counters object holds them, and a channel keeps
 * the same one. */
interface Guards {
  readonly floorMs: number;
  readonly server: ReplayGuard;
  readonly client: ReplayGuard;
}
const guardsOf = new WeakMap<EncryptionCounters, Guards>();

/** Creates the decryptor of one sealed channel. */
export const createDecryptor: EncryptionModule["createDecryptor"] = (
  channel,
  _encryption,
  settings,
  counters,
  ports,
) => {
  const keys = createSealedKeys();
  const { cached: isCache, members: isPresence, auth } = traitsOf(channel);
  let grant: SealedGrant = parseSealedGrant(undefined);
  /** The time of the application's server minus our clock. */
  let serverOffsetMs = Infinity;
  let verify: VerifySignature | undefined;
  let mayBeOld = false;
  /** Session id of the client events that this subscription sends. `seq` numbers them. */
  const session = randomBytes(8);
  let seq = 0;

  const contextOf = (event: string): SealedContext => ({
    kind: isClientEvent(event) ? "client-event" : auth === "owner" ? "user-event" : "server-event",
    channel,
    label: event,
  });

  const open = (data: unknown, context: SealedContext): EnvelopeResult => {
    const opened = openEnvelope(data, context, (id) => keys.get(id, now()));
    if (!opened.ok) return opened;
    const isRequired = grant.isSignatureRequired && context.kind !== "client-event";
    // While the code that verifies signatures is loading, the event waits as if its key were unknown.
    const isLoading = verify === undefined && opened.signature !== undefined && grant.signers.size > 0;
    if (isLoading) return { ok: false, reason: "unknown-key" };
    const reason = signatureProblem(opened, grant.signers, isRequired, verify ?? (() => false));
    return reason ? { ok: false, reason } : opened;
  };

  /** Delivers an authentic event once, or returns why not. */
  const deliver = (item: ReceivedEvent, opened: OpenedEnvelope, late: boolean): DecryptionErrorReason | undefined => {
    const context = contextOf(item.event);
    const { kind } = context;
    const { stamp, keyId, signature } = opened;
    const guards = guardsOf.get(counters);
    const content = contentOf(opened, context);
    if (!content || !guards) return "malformed";
    if (item.mayBeOld && stamp.sentMs < now() + serverOffsetMs - cacheMaxAgeMs) return "stale";
    // The name of the session includes the user id that the server reports, so another member cannot use its numbers.
    const sender = kind === "client-event" && isPresence ? `${item.userId} ${opened.session}` : opened.session;
    const guard = kind === "client-event" ? guards.client : guards.server;
    const decision = guard.accept({ ...stamp, session: sender }, item.mayBeOld);
    if (!decision.ok) return decision.reason;
    counters.opened += 1;
    const isLate = late || decision.late;
    if (isLate) counters.late += 1;
    ports.deliver(content.name, content.value, {
      seq: stamp.seq,
      gap: decision.gap,
      ts: stamp.sentMs,
      verified: signature !== undefined,
      keyId,
      ...(isLate ? { late: true } : {}),
      ...(item.mayBeOld && stamp.sentMs < guards.floorMs ? { cached: true } : {}),
      ...(item.userId === undefined ? {} : { user_id: item.userId }),
    });
    return undefined;
  };

  const pipeline = createEventPipeline(settings, counters, ports, {
    open: ({ event, data }: ReceivedEvent) => open(data, contextOf(event)),
    isFinal: (reason) => reason !== "unknown-key",
    deliver,
  });

  /** Loads the code that verifies signatures: a separate module, because it is large and few channels need it. */
  const loadVerifier = async (): Promise<void> => {
    try {
      ({ verifySignature: verify } = await import("./verify-signature.ts"));
    } catch {
      // The next authorization tries again.
    }
    pipeline.retry();
  };

  return {
    addSecrets({ e2e, refreshMs, switchMs }) {
      grant = parseSealedGrant(e2e);
      const { serverNowMs, signers } = grant;
      serverOffsetMs = serverNowMs - now();
      const floorMs = serverNowMs - clockSkewMs;
      const guards = { floorMs, server: createReplayGuard(floorMs), client: createReplayGuard(floorMs) };
      if (!guardsOf.has(counters)) guardsOf.set(counters, guards);
      if (signers.size > 0 && !verify) void loadVerifier();
      pipeline.keysAdded(keys.add(grant.keys, now()), refreshMs, switchMs);
    },
    refreshFailed: () => pipeline.refreshFailed(),
    receive(event, data, userId) {
      pipeline.push({ event, data, userId, mayBeOld }, event.length + textOf(fieldsOf(data)["sealed"]).length);
      mayBeOld = false;
    },
    subscribed() {
      mayBeOld = isCache;
    },
    seal(event, data) {
      const key = pipeline.canSeal() ? keys.sealingKey() : undefined;
      if (!key) return undefined;
      seq += 1;
      const stamp = { session, seq, sentMs: Math.max(0, Math.round(now() + serverOffsetMs)) };
      const payload = data instanceof Uint8Array ? data : JSON.stringify(data ?? null);
      return JSON.parse(sealEnvelope({ ...contextOf(event), stamp, payload }, key, randomBytes(24))) as unknown;
    },
    openInfo(userId, info) {
      if (info === undefined || info === null) return info;
      const context: SealedContext = { kind: "member-info", channel, label: userId };
      const opened = open(info, context);
      const content = opened.ok && contentOf(opened, context);
      if (content) return content.value;
      ports.drop({ reason: opened.ok ? "malformed" : opened.reason, event: "pusher:member_added" });
      return null;
    },
    wipe() {
      keys.clear();
      pipeline.stop();
    },
  };
};

import { openBox, type OpenedPayload } from "@sealcast/crypto";
import type { EncryptionModule } from "../channels/vault.ts";
import { fieldsOf, textOf } from "../fields-of.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { createFetchRhythm } from "./fetch-rhythm.ts";
import { createOrderedHold, type Outcome } from "./ordered-hold.ts";
import { createSecretRing } from "./secret-ring.ts";

/** An event as it came from the server, without what no key could make sense of. */
interface SealedEvent {
  readonly event: string;
  readonly data: { readonly nonce: unknown; readonly ciphertext: unknown };
}

/** Longest ciphertext, in characters of base64: the most that a server may be set to carry. */
const longestCiphertext = 1_048_576;
const room = { events: 256, characters: longestCiphertext };
/** Longest key or nonce, in characters of base64. */
const longestSecret = 44;
/** Keys are asked for again after this part of their time, so that they never get too old to seal with. */
const refreshAfter = 0.9;
/** Pause before keys are asked for again that could not be had in time, and the longest that timers can keep. */
const refreshPauseMs = 60_000;
const longestTimerMs = 2 ** 31 - 1;

const now = (): number => performance.now();

/** Makes the vault of one channel: runs ring, hold and rhythm with the clock of the runtime. */
export const createVault: EncryptionModule["createVault"] = (
  { holdMs = 60_000, orderHoldMs = 2_000 },
  counters,
  ports,
) => {
  const ring = createSecretRing((text) => decodeBase64(text, longestSecret));
  const rhythm = createFetchRhythm();
  const hold = createOrderedHold({ holdMs, orderHoldMs, ...room }, ({ data }: SealedEvent): OpenedPayload => {
    const nonce = decodeBase64(data.nonce, longestSecret);
    const ciphertext = decodeBase64(data.ciphertext, longestCiphertext);
    return nonce && ciphertext ? openBox(ring.secrets(now()), nonce, ciphertext) : { ok: false, reason: "malformed" };
  });
  const advanceTimer = createTimer();
  const fetchTimer = createTimer();
  const refreshTimer = createTimer();
  /** When the keys are too old to seal with. */
  let staleAt = Infinity;
  let isWiped = false;

  const fetch = (): void => {
    rhythm.begin(now());
    counters.fetches += 1;
    ports.fetch();
  };

  /** Asks for keys before those that there are get too old. */
  const refresh = (): void => {
    refreshTimer(refresh, refreshPauseMs);
    if (rhythm.earliest() <= now()) fetch();
  };

  /** Sets the clocks for what waits, and asks for keys if it is time. */
  const plan = (): void => {
    const deadline = hold.deadline(now());
    if (deadline === undefined) {
      rhythm.rest();
      advanceTimer();
      fetchTimer();
      return;
    }
    advanceTimer(() => settle(hold.advance(now())), deadline - now());
    const pause = rhythm.earliest() - now();
    if (pause <= 0) fetch();
    else if (pause < Infinity) fetchTimer(plan, pause);
  };

  const handOut = (outcome: Outcome<SealedEvent, OpenedPayload>): void => {
    const { event } = outcome.item;
    if ("dropped" in outcome) {
      counters.dropped[outcome.dropped] += 1;
      ports.drop({ reason: outcome.dropped, event });
    } else if (outcome.opened.ok) {
      counters.opened += 1;
      if (outcome.late) counters.late += 1;
      ports.deliver(event, outcome.opened.plaintext.value, outcome.late);
    }
  };

  /** Hands out what is due, whatever listeners throw, then sees to keys and clocks. */
  const settle = ([outcome, ...rest]: readonly Outcome<SealedEvent, OpenedPayload>[]): void => {
    // A listener may leave the channel: then it gets nothing any more.
    if (isWiped) return;
    if (!outcome) return plan();
    try {
      handOut(outcome);
    } finally {
      settle(rest);
    }
  };

  return {
    learn(secrets, refreshMs = Infinity) {
      const hasNew = ring.learn(secrets, now());
      rhythm.end(now(), hasNew, Math.random());
      staleAt = now() + refreshMs;
      if (refreshMs < Infinity) refreshTimer(refresh, refreshMs * refreshAfter);
      settle(hasNew ? hold.retry(now()) : []);
    },
    learnedNothing() {
      rhythm.end(now(), false, Math.random());
      settle([]);
    },
    receive(event, sent) {
      const { nonce, ciphertext } = fieldsOf(sent);
      const item = { event, data: { nonce, ciphertext } };
      const outcomes = hold.push(item, event.length + textOf(ciphertext).length, now());
      if (!outcomes.some((outcome) => outcome.item === item)) counters.held += 1;
      settle(outcomes);
    },
    sealingKey() {
      if (now() <= staleAt) return ring.secrets(now())[0];
      refresh();
      return undefined;
    },
    wipe() {
      isWiped = true;
      ring.clear();
      advanceTimer();
      fetchTimer();
      refreshTimer();
    },
  };
};

/** Makes a clock: a call sets it anew, or stops it where there is nothing to run. */
function createTimer(): (run?: () => void, ms?: number) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (run, ms = 0) => {
    clearTimeout(timer);
    if (run) timer = setTimeout(run, Math.min(ms, longestTimerMs));
  };
}

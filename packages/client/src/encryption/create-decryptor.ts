import { openBox, type OpenedPayload } from "@sealcast/crypto";
import type { DecryptorSettings, EncryptionModule } from "../channels/event-decryptor.ts";
import { fieldsOf, textOf } from "../untrusted.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { createRefreshSchedule } from "./refresh-schedule.ts";
import { createReorderBuffer, type Outcome } from "./reorder-buffer.ts";
import { createRequestBudget, type RequestBudget } from "./request-budget.ts";
import { createSecretRing } from "./secret-ring.ts";

/** An event as it came from the server, with only those fields of its data that decryption reads. */
interface SealedEvent {
  readonly event: string;
  readonly data: { readonly nonce: unknown; readonly ciphertext: unknown };
}

/** Longest ciphertext, in characters of base64: the most that a server can be configured to carry. */
const longestCiphertext = 1_048_576;
const capacity = { events: 256, characters: longestCiphertext };
/** Longest key or nonce, in characters of base64. */
const longestSecret = 44;
/** Keys are requested again after this part of their lifetime, so that they never become too old to encrypt with. */
const refreshAfter = 0.9;
/** Pause before keys are requested again after a refresh that failed, and the longest time that timers support. */
const refreshPauseMs = 60_000;
const longestTimerMs = 2 ** 31 - 1;
/** Most requests for keys of all channels of one client within a minute. */
const mostPerClientAndMinute = 60;

const now = (): number => performance.now();

/** One budget per client: all its channels have the same settings object. */
const budgets = new WeakMap<DecryptorSettings, RequestBudget>();
function budgetOf(settings: DecryptorSettings): RequestBudget {
  const budget = budgets.get(settings) ?? createRequestBudget(mostPerClientAndMinute);
  budgets.set(settings, budget);
  return budget;
}

/** Creates the decryptor of one channel: connects key ring, reorder buffer and schedule with the clock of the runtime. */
export const createDecryptor: EncryptionModule["createDecryptor"] = (
  _channel,
  _encryption,
  settings,
  counters,
  ports,
) => {
  const { holdMs = 60_000, orderHoldMs = 2_000 } = settings;
  const ring = createSecretRing((text) => decodeBase64(text, longestSecret));
  const schedule = createRefreshSchedule(budgetOf(settings));
  const buffer = createReorderBuffer({ holdMs, orderHoldMs, ...capacity }, ({ data }: SealedEvent): OpenedPayload => {
    const nonce = decodeBase64(data.nonce, longestSecret);
    const ciphertext = decodeBase64(data.ciphertext, longestCiphertext);
    return nonce && ciphertext ? openBox(ring.secrets(now()), nonce, ciphertext) : { ok: false, reason: "malformed" };
  });
  const advanceTimer = createTimer();
  const fetchTimer = createTimer();
  const refreshTimer = createTimer();
  /** When the keys are too old to encrypt with. */
  let staleAt = Infinity;
  let isWiped = false;

  const fetch = (): void => {
    schedule.begin(now());
    counters.fetches += 1;
    ports.fetch();
  };

  /** Requests keys before the current ones are too old. */
  const refresh = (): void => {
    refreshTimer(refresh, refreshPauseMs);
    if (schedule.earliest() <= now()) fetch();
  };

  /** Sets the timers for the events that wait, and requests keys if it is time. */
  const scheduleNext = (): void => {
    const deadline = buffer.deadline(now());
    if (deadline === undefined) {
      schedule.reset();
      advanceTimer();
      fetchTimer();
      return;
    }
    advanceTimer(() => settle(buffer.advance(now())), deadline - now());
    const pause = schedule.earliest() - now();
    if (pause <= 0) fetch();
    else if (pause < Infinity) fetchTimer(scheduleNext, pause);
  };

  const deliver = (outcome: Outcome<SealedEvent, OpenedPayload>): void => {
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

  /** Delivers due events even if a listener throws, then sets the timers. */
  const settle = ([outcome, ...rest]: readonly Outcome<SealedEvent, OpenedPayload>[]): void => {
    // A listener may leave the channel. It then receives no more events.
    if (isWiped) return;
    if (!outcome) return scheduleNext();
    try {
      deliver(outcome);
    } finally {
      settle(rest);
    }
  };

  return {
    addSecrets(secrets, refreshMs = Infinity) {
      const hasNew = ring.add(secrets, now());
      schedule.end(now(), hasNew, Math.random());
      staleAt = now() + refreshMs;
      if (refreshMs < Infinity) refreshTimer(refresh, refreshMs * refreshAfter);
      settle(hasNew ? buffer.retry(now()) : []);
    },
    refreshFailed() {
      schedule.end(now(), false, Math.random());
      settle([]);
    },
    receive(event, sent) {
      const { nonce, ciphertext } = fieldsOf(sent);
      const item = { event, data: { nonce, ciphertext } };
      const outcomes = buffer.push(item, event.length + textOf(ciphertext).length, now());
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

/** Creates a restartable timer: a call replaces what the timer runs, or stops it if there is nothing to run. */
function createTimer(): (run?: () => void, ms?: number) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (run, ms = 0) => {
    clearTimeout(timer);
    if (run) timer = setTimeout(run, Math.min(ms, longestTimerMs));
  };
}

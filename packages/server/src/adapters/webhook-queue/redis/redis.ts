import {
  releaseSubject,
  stepSubject,
  type WebhookOffer,
  type WebhookSubject,
  type WebhookText,
} from "../../../core/webhooks/webhook-offer.ts";
import type { Clock } from "../../../ports/clock.ts";
import type {
  DeadLetter,
  QueueChange,
  QueueSharing,
  RecoveredWork,
  TakeLimits,
  WebhookAttempt,
  WebhookBacklog,
  WebhookDelivery,
  WebhookNext,
  WebhookQueue,
} from "../../../ports/webhook-queue.ts";
import type { QueueBounds } from "../queue-bounds.ts";
import { listOf, textOf, textsOf, type QueueReply, type QueueScript, type RedisScripts } from "./redis-scripts.ts";
import { lettersScript, removeLettersScript } from "./scripts/dead-letter-scripts.ts";
import { recoverScript, settleScript, takeScript, turnScript, waitingScript } from "./scripts/delivery-scripts.ts";
import { acceptScript, allSubjectsScript, dueScript, subjectsScript } from "./scripts/subject-scripts.ts";
import { attemptsScript, backlogScript, keepTargetsScript } from "./scripts/target-scripts.ts";
import { SendingTurn } from "./sending-turn.ts";
import { decodeSubject, encodeSubject } from "./stored-subject.ts";

/** What a queue in Redis works with. */
export interface RedisQueueOptions {
  readonly redis: RedisScripts;
  readonly clock: Clock;
  /** Begins every key. */
  readonly prefix: string;
  /** Names this process among those that share the queue. */
  readonly process: string;
  readonly bounds: QueueBounds;
  /** How long what is kept for a target that no app has any more stays, in milliseconds: other processes may still have it. */
  readonly absentMs?: number;
}

/** What waits to be written: a step of a subject, and the events that follow from it. */
interface Step {
  readonly name: string;
  readonly before: string;
  readonly after: WebhookSubject | undefined;
  readonly channel: string;
}

interface AddedEvent {
  readonly channel: string;
  readonly event: WebhookText;
}

/** Subjects that are written in one step. Our choice: Redis answers others in between. */
const stepSize = 200;

/**
 * A queue in Redis that the processes of a cluster share. All of them put events in; one at a time takes them out, another
 * one as soon as that one is gone. Its lists and sets are in one hash slot.
 */
export class RedisWebhookQueue implements WebhookQueue {
  readonly #options: RedisQueueOptions;
  readonly #base: string;
  readonly #turn: SendingTurn;
  /** Number of the last offer of this process that Redis has accepted, as far as this process knows. */
  #accepted = "";

  constructor(options: RedisQueueOptions) {
    this.#options = options;
    this.#base = `{${options.prefix}:webhooks}:`;
    this.#turn = new SendingTurn(options.clock, options.process, (args) => this.#run(turnScript, args));
  }

  async accept(offers: readonly WebhookOffer[], nowMs: number): Promise<QueueChange> {
    const changes: QueueChange[] = [];
    for (let start = 0; start < offers.length; start += stepSize) {
      changes.push(await this.#acceptSome(offers.slice(start, start + stepSize), nowMs));
    }
    return merged(changes);
  }

  async release(nowMs: number): Promise<QueueChange> {
    const changes: QueueChange[] = [];
    for (;;) {
      const due = textsOf(await this.#run(dueScript, [String(nowMs), String(stepSize)]));
      const steps: Step[] = [];
      const events: AddedEvent[] = [];
      for (let index = 0; index < due.length; index += 2) {
        const [name = "", before = ""] = due.slice(index, index + 2);
        const { channel, subject } = decodeSubject(before);
        const after = subject === undefined ? undefined : releaseSubject(subject, nowMs);
        steps.push({ name, before, after, channel });
        if (subject?.held !== undefined) events.push({ channel, event: subject.held });
      }
      // If a subject came back meanwhile, it is no longer due, and the others are read again.
      const change = await this.#write(steps, events);
      if (change !== undefined) changes.push(change);
      if (due.length < 2 * stepSize && change !== undefined) break;
    }
    return merged(changes);
  }

  async departAll(dueMs: number): Promise<QueueChange> {
    const all = textsOf(await this.#run(allSubjectsScript, []));
    let change = await this.#write([], []);
    for (let index = 0; index < all.length; index += 2) {
      const [name = "", before = ""] = all.slice(index, index + 2);
      const { channel, subject } = decodeSubject(before);
      const stays = subject?.kind === "present" || subject?.kind === "leaving";
      const after = stays ? ({ kind: "leaving", dueMs, held: subject.held } as const) : undefined;
      change = (await this.#write([{ name, before, after, channel }], [])) ?? change;
    }
    return change ?? unchanged;
  }

  async take(
    target: string,
    { ids, maxEvents, maxBytes }: TakeLimits,
    nowMs: number,
  ): Promise<readonly WebhookDelivery[]> {
    const args = [target, this.#options.process, String(nowMs), String(maxEvents), String(maxBytes), ...ids];
    return listOf(await this.#run(takeScript, args)).map((delivery) => {
      const [id, texts] = listOf(delivery);
      return { id: textOf(id), target, timeMs: nowMs, events: textsOf(texts) };
    });
  }

  async settle(attempt: WebhookAttempt, next: WebhookNext): Promise<void> {
    const { bounds } = this.#options;
    const failedMs = attempt.atMs + attempt.durationMs;
    await this.#run(settleScript, [
      attempt.target,
      attempt.delivery,
      next.kind,
      next.kind === "retry" ? String(next.dueMs) : "",
      JSON.stringify(attempt),
      String(bounds.maxAttempts),
      String(failedMs),
      attempt.error ?? "",
      String(bounds.maxDeadLetters),
    ]);
  }

  async recover(): Promise<RecoveredWork> {
    const [waiting, unfinished] = listOf(await this.#run(recoverScript, []));
    return {
      waiting: new Set(textsOf(waiting)),
      unfinished: listOf(unfinished).map((entry) => {
        const [id, target, timeMs, dueMs, texts] = listOf(entry);
        const delivery = { id: textOf(id), target: textOf(target), timeMs: Number(timeMs), events: textsOf(texts) };
        return { delivery, dueMs: Number(dueMs) };
      }),
    };
  }

  share(sharing: QueueSharing): Promise<void> {
    return this.#turn.start({
      began: async () => sharing.began(await this.recover()),
      ended: () => sharing.ended(),
      changed: async (dueMs) => {
        const targets = new Set(textsOf(await this.#run(waitingScript, [])));
        sharing.changed({ targets, nextReleaseMs: dueMs, lost: new Map() });
      },
    });
  }

  async keepTargets(targets: ReadonlySet<string>): Promise<number> {
    const { clock, absentMs = 600_000 } = this.#options;
    return Number(await this.#run(keepTargetsScript, [String(clock.now()), String(absentMs), ...targets]));
  }

  async attempts(target: string, most: number): Promise<readonly WebhookAttempt[]> {
    const rows = textsOf(await this.#run(attemptsScript, [target, String(most)]));
    return rows.map((row) => {
      const { status, error, ...others } = JSON.parse(row) as WebhookAttempt;
      return { ...others, status, error };
    });
  }

  async deadLetters(target: string, most: number): Promise<readonly DeadLetter[]> {
    return listOf(await this.#run(lettersScript, [target, String(most)])).map((letter) => {
      const [id, timeMs, failedMs, error, texts] = listOf(letter);
      const facts = { id: textOf(id), target, timeMs: Number(timeMs), failedMs: Number(failedMs) };
      return { ...facts, error: textOf(error), events: textsOf(texts) };
    });
  }

  async clearDead(target: string, id: string | undefined): Promise<number> {
    return Number(await this.#run(removeLettersScript, [target, id ?? "", "clear"]));
  }

  async replayDead(target: string, id: string | undefined): Promise<number> {
    return Number(await this.#run(removeLettersScript, [target, id ?? "", "replay"]));
  }

  async backlog(): Promise<WebhookBacklog> {
    const [events, bytes, deadLetters] = listOf(await this.#run(backlogScript, [])).map(Number);
    return { events: events ?? 0, bytes: bytes ?? 0, deadLetters: deadLetters ?? 0 };
  }

  async close(): Promise<void> {
    await this.#turn.end();
    await this.#options.redis.close();
  }

  /**
   * Steps the subjects of the offers by the rules of `stepSubject`, again if another process has changed one meanwhile. Leaves out
   * what was accepted before, if only the answer to that was lost.
   */
  async #acceptSome(offers: readonly WebhookOffer[], nowMs: number): Promise<QueueChange> {
    const names = [...new Set(offers.flatMap(({ subject }) => subject ?? []))];
    for (let mustRead = names.length > 0; ; mustRead = true) {
      const found = mustRead ? textsOf(await this.#run(subjectsScript, [this.#options.process, ...names])) : [];
      if (mustRead) this.#accepted = found[0] ?? "";
      const before = new Map(names.map((name, index) => [name, found[index + 1] ?? ""]));
      const current = new Map([...before].map(([name, text]) => [name, decodeSubject(text)]));
      const events: AddedEvent[] = [];
      const fresh = offers.filter(({ number = Infinity }) => number > Number(this.#accepted));
      for (const offer of fresh) {
        const { subject: name, channel, event } = offer;
        const known = name === undefined ? undefined : current.get(name)?.subject;
        const { subject, send } = stepSubject(known, offer, nowMs);
        if (name !== undefined) current.set(name, { channel, subject });
        if (send) events.push({ channel, event });
      }
      const steps = names.map((name) => {
        const { channel = "", subject: after } = current.get(name) ?? {};
        return { name, before: before.get(name) ?? "", after, channel };
      });
      const last = String(fresh.at(-1)?.number ?? "");
      const change = await this.#write(steps, events, last);
      if (change === undefined) continue;
      if (last !== "") this.#accepted = last;
      return change;
    }
  }

  /**
   * Writes steps and events, all or, if another process has changed a subject, nothing: then undefined.
   *
   * @param last number of the last offer that this accepts.
   */
  async #write(steps: readonly Step[], events: readonly AddedEvent[], last = ""): Promise<QueueChange | undefined> {
    const reply = await this.#run(acceptScript, [
      String(this.#options.bounds.maxBytes),
      this.#options.process,
      this.#accepted,
      last,
      String(steps.length),
      ...steps.flatMap(({ name, before, after, channel }) => [
        name,
        before,
        encodeSubject(after, channel),
        String(after?.dueMs ?? ""),
      ]),
      ...events.flatMap(({ channel, event }) => [channel, event.text, String(event.targets.length), ...event.targets]),
    ]);
    if (reply === null) return undefined;
    const [due = "", ...discarded] = textsOf(reply);
    const lost = new Map<string, number>();
    for (let index = 0; index < discarded.length; index += 2) {
      lost.set(discarded[index] ?? "", Number(discarded[index + 1]));
    }
    // What this process put in is sent by another one, which notices it.
    if (!this.#turn.isOurs) return { targets: new Set(), nextReleaseMs: undefined, lost };
    const targets = new Set(events.flatMap(({ event }) => event.targets));
    return { targets, nextReleaseMs: due === "" ? undefined : Number(due), lost };
  }

  #run(script: QueueScript, args: readonly string[]): Promise<QueueReply> {
    return this.#options.redis.run(script, [this.#base], args);
  }
}

const unchanged: QueueChange = { targets: new Set(), nextReleaseMs: undefined, lost: new Map() };

/** What several changes, one after another, have changed. */
function merged(changes: readonly QueueChange[]): QueueChange {
  const lost = new Map<string, number>();
  for (const [target, events] of changes.flatMap((change) => [...change.lost])) {
    lost.set(target, (lost.get(target) ?? 0) + events);
  }
  const targets = new Set(changes.flatMap((change) => [...change.targets]));
  return { targets, nextReleaseMs: changes.at(-1)?.nextReleaseMs, lost };
}

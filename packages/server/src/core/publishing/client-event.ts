import {
  exceedsBytes,
  fail,
  ok,
  quote,
  utf8Length,
  type ChannelName,
  type ChannelTraits,
  type EventName,
  type Parsed,
} from "@sealcast/protocol";
import type { App } from "../apps/app.ts";
import type { UsedUp } from "./message-quota.ts";
import { shapeProblem } from "./shape-problem.ts";

/** Everything that decides whether a client event is relayed. */
export interface ClientEventFacts {
  readonly app: App;
  readonly channel: ChannelName;
  readonly traits: ChannelTraits;
  /** Whether the sender is subscribed to the channel. */
  readonly subscribed: boolean;
  /** Whether the sender is within its rate. */
  readonly withinRate: boolean;
  /** Why the app may send nothing more today; undefined: it may. */
  readonly usedUp: UsedUp | undefined;
  readonly event: EventName;
  readonly data: string;
}

/** Decides a client event. */
export function decideClientEvent(facts: ClientEventFacts): Parsed<true> {
  const { app, channel, traits, data } = facts;
  if (!app.clientEvents) return fail("clientEventsDisabled", "Client events are not enabled for this app");
  if (!traits.clientEvents) {
    return fail(
      "clientEventNotAllowed",
      `Client events are not allowed on channel ${quote(channel)}: only private and presence channels carry them`,
    );
  }
  if (!facts.subscribed) {
    return fail("notSubscribed", `Cannot broadcast client event (connection not subscribed to channel ${channel})`);
  }
  if (!facts.withinRate) {
    return fail(
      "clientEventRateLimited",
      `Client event dropped: at most ${app.clientEventsPerSecond} per second are allowed`,
    );
  }
  if (facts.usedUp !== undefined) return fail("quotaExceeded", `Client event dropped: ${facts.usedUp.message}`);
  const tooLarge = dataProblem(app, data);
  if (tooLarge !== undefined) return tooLarge;
  const problem = shapeProblem(app, traits.encryption, facts.event, data);
  return problem === undefined ? ok(true) : { ok: false, error: problem };
}

/** Why an event's data is too large for the app, or undefined. The text is the official one. */
export function dataProblem(app: App, data: string): ReturnType<typeof fail> | undefined {
  if (!exceedsBytes(data, app.maxEventBytes)) return undefined;
  return fail(
    "dataTooLarge",
    `The data content of this event exceeds the allowed maximum (${app.maxEventBytes} bytes). It has ${utf8Length(data)} bytes`,
  );
}

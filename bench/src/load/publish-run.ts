import { HttpConnection } from "./http-connection.ts";
import { signedRequest } from "./signed-request.ts";
import type { Swarm } from "./swarm.ts";

/** What is published in a run, and how eagerly. */
export interface PublishPlan {
  /** Channels to publish to: one per event in turn, or all of them with each event when `toAll` is set. */
  readonly channels: readonly string[];
  readonly toAll?: boolean;
  /** Length of each event's `data` string in bytes. */
  readonly dataBytes: number;
  /** Requests under way at any moment, each on its own kept-alive connection. */
  readonly inFlight: number;
  /** Whether each request waits until the events of all earlier ones have reached all subscribers. */
  readonly waitsForDelivery?: boolean;
  /** 1 uses the `events` endpoint, more (up to 10) uses `batch_events`. */
  readonly eventsPerRequest: number;
  /** Leave out a different subscriber with each event (`socket_id`). */
  readonly excludeInTurn?: boolean;
  /** Messages that each event must cause, over all subscribers; the run fails when they do not all arrive. */
  readonly deliveriesPerEvent: number;
  readonly seconds: number;
}

export interface PublishResult {
  readonly events: number;
  readonly requests: number;
  readonly deliveries: number;
  /** From the first request to the last delivery (or to the last answer, when there are no subscribers). */
  readonly seconds: number;
}

/** Bodies prepared and signed before the clock starts; each is different, and then they are used again from the first. */
const preparedRequests = 512;
/** How far the server may run ahead of the readers, per connection, so that slow reading never looks like a slow server's memory. */
const unreadBytesPerSubscriber = 64 * 1024;

/** Publishes in a closed loop for `plan.seconds`, then waits until everything has been delivered. */
export async function publishRun(ports: readonly number[], swarm: Swarm, plan: PublishPlan): Promise<PublishResult> {
  const requests = prepare(plan, swarm);
  const connections = await Promise.all(
    Array.from({ length: plan.inFlight }, (_, index) => HttpConnection.open(ports[index % ports.length] ?? 0)),
  );
  const eventsUnread =
    plan.waitsForDelivery === true
      ? 0
      : Math.max(unreadBytesPerSubscriber / plan.dataBytes, 4 * plan.inFlight * plan.eventsPerRequest);
  swarm.reset();
  let sent = 0;
  const start = performance.now();
  const end = start + plan.seconds * 1000;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end) {
        const request = requests[sent % requests.length];
        sent += 1;
        if (request) await connection.post(request);
        if (plan.deliveriesPerEvent > 0)
          await swarm.reach((sent * plan.eventsPerRequest - eventsUnread) * plan.deliveriesPerEvent);
      }
    }),
  );
  const events = sent * plan.eventsPerRequest;
  await swarm.reach(events * plan.deliveriesPerEvent);
  const seconds = (performance.now() - start) / 1000;
  for (const connection of connections) connection.close();
  return { events, requests: sent, deliveries: swarm.deliveries, seconds };
}

/** One distinct event as the HTTP API takes it; `data` is `dataBytes` long and begins with its number. */
export function eventBody(
  number: number,
  channels: readonly string[],
  dataBytes: number,
  socketId?: string,
): Record<string, unknown> {
  return {
    name: "bench-event",
    ...(channels.length === 1 ? { channel: channels[0] } : { channels }),
    data: `${number} `.padEnd(dataBytes, "abcdefghij"),
    ...(socketId === undefined ? {} : { socket_id: socketId }),
  };
}

function prepare(plan: PublishPlan, swarm: Swarm): Buffer[] {
  let number = 0;
  const next = (): Record<string, unknown> => {
    const channels = plan.toAll ? plan.channels : [plan.channels[number % plan.channels.length] ?? ""];
    const excluded = plan.excludeInTurn ? swarm.members[number % swarm.members.length]?.socketId : undefined;
    number += 1;
    return eventBody(number, channels, plan.dataBytes, excluded);
  };
  return Array.from({ length: preparedRequests }, () =>
    plan.eventsPerRequest === 1
      ? signedRequest("events", JSON.stringify(next()))
      : signedRequest("batch_events", JSON.stringify({ batch: Array.from({ length: plan.eventsPerRequest }, next) })),
  );
}

import { encodeServerMessage, type ClientMessage } from "@sealcast/protocol";
import { inBackground, type Awaitable } from "../../core/awaitable.ts";
import { inTurns, type Turns } from "../../core/turns.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Engine } from "../../ports/engine.ts";
import type { Observer } from "../../ports/observer.ts";
import type { AuthVerifier } from "../auth-verifier.ts";
import type { Client } from "../client.ts";
import type { Hub } from "../hub.ts";
import type { Watchlists } from "../watchlists.ts";
import { Recovery } from "../recovery.ts";
import { createClientEvent, type FindUsedUp } from "./client-event.ts";
import { createDecryptionReport } from "./decryption-report.ts";
import { createSignIn, createSignOut } from "./sign-in.ts";
import { createSubscribe } from "./subscribe.ts";
import { createLeave, createUnsubscribe } from "./unsubscribe.ts";

/** What happens on a client's messages, and at its end. */
export interface MessageHandler {
  /** Handles one message. Returns a promise only if an answer comes later. */
  handle(client: Client, message: ClientMessage): Awaitable<void>;
  /** Releases the subscriptions and the user of a client whose connection has ended. */
  end(client: Client): void;
}

// Framed once for all connections.
const pong = encodeServerMessage({ kind: "pong" });

/** What the handlers of messages work with. */
export interface MessagePorts {
  readonly engine: Engine;
  readonly hub: Hub;
  readonly watchlists: Watchlists;
  readonly authProblem: AuthVerifier;
  readonly observer: Observer;
  readonly clock: Pick<Clock, "after" | "monotonicNow">;
  readonly turns: Turns;
  /** Most subscriptions of one connection. */
  readonly maxSubscriptions: number;
  /** Finds out whether an app has used its messages of the day. */
  readonly usedUp: FindUsedUp;
}

/** Creates the handler for the messages of all connections. */
export function createMessageHandler(ports: MessagePorts): MessageHandler {
  const { engine, hub, watchlists, authProblem, observer, clock, turns, maxSubscriptions, usedUp } = ports;
  const recovery = new Recovery(engine, hub, clock, maxSubscriptions);
  const leave = createLeave(engine, hub, recovery, observer);
  const subscribe = createSubscribe({ occupancy: engine, recovery, authProblem, observer, clock, maxSubscriptions });
  const unsubscribe = createUnsubscribe(leave);
  const signIn = createSignIn(engine, hub, watchlists, authProblem, observer, clock);
  const signOut = createSignOut(engine, hub, watchlists);
  const report = createDecryptionReport(observer);
  const relay = createClientEvent(engine, observer, usedUp);

  return {
    handle(client, message) {
      switch (message.kind) {
        case "ping":
          return client.link.send(pong);
        case "pong":
          return undefined;
        case "subscribe":
          return subscribe(client, message);
        case "unsubscribe":
          return unsubscribe(client, message.channel);
        case "signin":
          return signIn(client, message);
        case "client-event":
          return relay(client, message);
        case "decryption-error":
          return report(client, message);
        case "recover":
          return recovery.recover(client, message);
      }
    },
    end(client) {
      const failed = (error: unknown): void => client.failed(error);
      const left = inTurns(turns, client.memberships.keys(), (channel) => inBackground(leave(client, channel), failed));
      inBackground(left, failed);
      inBackground(signOut(client), failed);
    },
  };
}

import { traitsOf, type ChannelName, type Member } from "@sealcast/protocol";
import type { Observer } from "../../ports/observer.ts";
import type { Entry } from "../../ports/occupancy.ts";
import type { Client } from "../client.ts";
import type { Recovery } from "../recovery.ts";
import { observeSubscription } from "./observe-subscription.ts";

/**
 * Completes a subscription at its place in the order of deliveries: records the membership, answers, and sends what the
 * channel has kept. Returns false if the connection has ended.
 */
export type EnterChannel = (client: Client, channel: ChannelName, member: Member | undefined, entry: Entry) => boolean;

/** Creates the function that completes subscriptions. */
export function createEnterChannel(recovery: Recovery, observer: Observer): EnterChannel {
  function sendLastEvent(client: Client, channel: ChannelName, { history }: Entry): void {
    const event = history?.events.at(-1);
    if (event !== undefined) return client.sendEncoded(event.message);
    client.send({ kind: "cache-miss", channel });
    if (!observer.wants("cache-miss")) return;
    observer.observe({ kind: "cache-miss", app: client.app.id, socketId: client.socketId, channel });
  }

  return (client, channel, member, entry) => {
    if (!client.isOpen) return false;
    const traits = traitsOf(channel);
    const overQuota = traits.auth === "signature" ? client.authorized() : undefined;
    if (overQuota !== undefined) {
      client.close(overQuota);
      return false;
    }
    client.entered(channel, member);
    client.send({ kind: "subscription-succeeded", channel, roster: entry.roster });
    observeSubscription(observer, client, "subscribed", channel, member);
    const recovered = recovery.entered(client, channel, entry.history);
    if (traits.cached && !recovered) sendLastEvent(client, channel, entry);
    return true;
  };
}

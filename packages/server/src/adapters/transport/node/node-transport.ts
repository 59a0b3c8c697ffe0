import type { ServerSettings } from "../../../core/settings/server-settings.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import type { ListenAddress, Listener, Topic, Transport, TransportHandlers } from "../../../ports/transport.ts";
import { BodyBudget } from "../http/body-budget.ts";
import { TrustedProxies } from "../http/trusted-proxies.ts";
import { OpenLinks } from "../links/open-links.ts";
import { TurnBudget } from "../links/turn-budget.ts";
import { FlushQueue } from "../outbox/flush-queue.ts";
import { LinkTopic } from "../links/link-topic.ts";
import { NodeListener, type NodeListenerParts } from "./node-listener.ts";
import { SharedHttpServer, type SharedServer } from "./shared-http-server.ts";

/**
 * Creates the transport of Node.js: `node:http` with `ws` behind its upgrades, and our own fan-out.
 *
 * @param limits time-outs, memory limits, compression and the fast path.
 * @param turns which all work of the process shares.
 * @param server the HTTP server of a program that shares its address with this one. Default: none.
 */
export function createNodeTransport(
  limits: ServerSettings,
  clock: Clock,
  log: Log,
  turns = new TurnBudget(clock),
  server?: SharedServer,
): Transport {
  const queue = new FlushQueue(limits, clock, turns);
  const shared = { queue, turns, clock, log };
  const budget = new BodyBudget(limits.maxBufferedBytes);
  const proxies = new TrustedProxies(limits.trustedProxies);
  const parts = (): NodeListenerParts => {
    return { limits, budget, proxies, links: new OpenLinks(shared) };
  };
  return {
    runtime: `Node.js ${process.versions.node}`,
    createTopic: (): Topic => new LinkTopic(),
    listen(address: ListenAddress, handlers: TransportHandlers): Promise<Listener> {
      return new NodeListener(parts(), handlers).listen(address);
    },
    attach: server && ((handlers) => new SharedHttpServer(server, parts(), handlers)),
    bufferedBytes: () => queue.bufferedBytes(),
  };
}

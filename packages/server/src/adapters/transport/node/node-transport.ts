import type { ServerSettings } from "../../../core/server-settings.ts";
import type { Log } from "../../../ports/log.ts";
import type { ListenAddress, Listener, Topic, Transport, TransportHandlers } from "../../../ports/transport.ts";
import { BodyBudget } from "../http/body-budget.ts";
import { TrustedProxies } from "../http/trusted-proxies.ts";
import { OpenLinks } from "../links/open-links.ts";
import { ReadPace } from "../links/read-fairness.ts";
import { FlushQueue } from "../outbox/flush-queue.ts";
import { OutboxTopic } from "../outbox/outbox-topic.ts";
import { NodeListener } from "./node-listener.ts";

/**
 * Creates the transport of Node.js: `node:http` with `ws` behind its upgrades, and our own fan-out.
 *
 * @param limits time-outs, memory limits, compression and the fast path.
 */
export function createNodeTransport(limits: ServerSettings, log: Log): Transport {
  const queue = new FlushQueue(limits);
  const pace = new ReadPace();
  const budget = new BodyBudget(limits.maxBufferedBytes);
  const proxies = new TrustedProxies(limits.trustedProxies);
  return {
    runtime: `Node.js ${process.versions.node}`,
    createTopic: (): Topic => new OutboxTopic(),
    listen(address: ListenAddress, handlers: TransportHandlers): Promise<Listener> {
      const links = new OpenLinks(queue, pace, log);
      return new NodeListener({ limits, budget, proxies, links, log }, handlers).listen(address);
    },
    bufferedBytes: () => queue.bufferedBytes(),
  };
}

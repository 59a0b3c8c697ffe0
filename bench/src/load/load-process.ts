/** The load generator's process: carries out the harness's orders one after the other. */
import { acceptRun, churnRun } from "./connection-runs.ts";
import { dialects } from "./dialect.ts";
import { latencyRun } from "./latency-run.ts";
import {
  channelName,
  type AnswerMessage,
  type ChannelPlan,
  type OrderMessage,
  type OrderName,
  type Orders,
} from "./orders.ts";
import { publishRun } from "./publish-run.ts";
import { Swarm } from "./swarm.ts";
import { verifyDelivery } from "./verify-delivery.ts";

let ports: readonly number[] = [];
let dialect = dialects.pusher;
let swarm = new Swarm(ports, dialect);

const carryOut: { readonly [Name in OrderName]: (ask: Orders[Name]["ask"]) => Promise<Orders[Name]["answer"]> } = {
  async target(ask) {
    ports = ask.ports;
    dialect = dialects[ask.dialect];
    swarm.close();
    swarm = new Swarm(ports, dialect);
    return null;
  },
  async grow({ subscribers, channels, recovery }) {
    const start = performance.now();
    await swarm.grow(subscribers, (member) => channelsOf(channels, member), recovery);
    return { seconds: (performance.now() - start) / 1000 };
  },
  async close() {
    swarm.close();
    return null;
  },
  async verify() {
    await verifyDelivery(firstPort(), dialect);
    return null;
  },
  async "show-life"() {
    swarm.showLife();
    return null;
  },
  async publish(plan) {
    const before = process.cpuUsage();
    const result = await publishRun(ports, swarm, plan);
    const { user, system } = process.cpuUsage(before);
    if (result.deliveries !== result.events * plan.deliveriesPerEvent || swarm.lost() > 0) {
      throw new Error(
        `${result.events} events made ${result.deliveries} deliveries, ${swarm.lost()} connections were lost`,
      );
    }
    return { ...result, loadCpuShare: (user + system) / 1e6 / result.seconds };
  },
  latency: (plan) => latencyRun(firstPort(), swarm, plan),
  accept: ({ seconds }) => acceptRun(firstPort(), dialect, seconds),
  churn: ({ seconds, concurrency }) => churnRun(firstPort(), dialect, seconds, concurrency),
};

process.on("message", (message: OrderMessage) => {
  // The table pairs each name with its own type of order; the compiler cannot follow that through a lookup.
  const act = carryOut[message.name] as (ask: OrderMessage["ask"]) => Promise<Orders[OrderName]["answer"]>;
  act(message.ask).then(
    (answer) => reply({ id: message.id, answer }),
    (error: unknown) =>
      reply({
        id: message.id,
        failure:
          error instanceof Error
            ? `${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ""}`
            : String(error),
      }),
  );
});

function reply(message: AnswerMessage): void {
  process.send?.(message);
}

function firstPort(): number {
  return ports[0] ?? 0;
}

function channelsOf(plan: ChannelPlan, member: number): string[] {
  return plan.kind === "spread"
    ? [channelName(member % plan.count)]
    : Array.from({ length: plan.count }, (_, i) => channelName(i));
}

import { Bench, type Lab } from "../lab.ts";
import { channelName, type ChannelPlan } from "../load/orders.ts";
import type { PublishPlan } from "../load/publish-run.ts";
import { profileShares } from "../profile-shares.ts";
import { subjects, type Subject } from "../subjects/subject.ts";
import { runtimePart, serverPart } from "./server-parts.ts";

/** How publishers may press: what the comparison is made for. */
export const publishModes = {
  "one at a time": { inFlight: 1, eventsPerRequest: 1 },
  "16 in flight": { inFlight: 16, eventsPerRequest: 1 },
  "batches of 10": { inFlight: 1, eventsPerRequest: 10 },
} as const;

const subscribers = 1000;
const compared: readonly Subject[] = [
  subjects.sealcast,
  subjects.ws,
  subjects.bun,
  subjects.sealcastBun,
  subjects.collected,
  subjects.socketIo,
];
const onCurves: readonly Subject[] = [subjects.sealcast, subjects.sealcastBun, subjects.ws, subjects.bun];

/** How fast events reach many subscribers, what a delivery costs, and how both change as work grows. */
export async function fanout(lab: Lab): Promise<void> {
  await Bench.withAll(compared, (benches) => compareModes(lab, benches));
  await compareShapes(lab);
  await profile(lab);
  for (const subject of onCurves) {
    for (const x of [1, 10, 100, 1000, 5000]) await point(lab, subject, { what: "by subscribers", x, subscribers: x });
    for (const x of [100, 1024, 10_240]) await point(lab, subject, { what: "by size", x, dataBytes: x });
    for (const x of [1, 10, 100, 1000]) {
      await point(lab, subject, {
        what: "by channels per connection",
        x,
        subscribers: 100,
        channels: { kind: "shared", count: x },
      });
    }
  }
}

async function compareModes(lab: Lab, benches: readonly Bench[]): Promise<void> {
  for (const bench of benches) {
    await bench.load.order("verify", null);
    await bench.subscribe(subscribers);
  }
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const [what, mode] of Object.entries(publishModes)) {
      for (const bench of benches) await measure(lab, bench, what, { ...mode, ...plain });
    }
  }
}

interface Point {
  readonly what: string;
  readonly x: number;
  readonly subscribers?: number;
  readonly dataBytes?: number;
  readonly channels?: ChannelPlan;
}

async function point(lab: Lab, subject: Subject, at: Point): Promise<void> {
  const members = at.subscribers ?? subscribers;
  const channels = at.channels ?? oneChannel;
  await Bench.with(subject, async (bench) => {
    await bench.subscribe(members, channels);
    const plan = {
      ...plain,
      channels: namesOf(channels),
      dataBytes: at.dataBytes ?? plain.dataBytes,
      deliveriesPerEvent: members,
    };
    await measure(lab, bench, at.what, { ...publishModes["16 in flight"], ...plan }, at.x);
  });
}

/** What it costs when subscribers do not all get the same: other channels, a sender left out. */
async function compareShapes(lab: Lab): Promise<void> {
  const together = { what: "1 channel", channels: oneChannel, plan: {} };
  const spread = { kind: "spread", count: 100 } as const;
  const shapes: readonly {
    readonly what: string;
    readonly channels: ChannelPlan;
    readonly plan: Partial<PublishPlan>;
  }[] = [
    together,
    {
      what: "1 channel, another socket_id left out each time",
      channels: oneChannel,
      plan: { excludeInTurn: true, deliveriesPerEvent: subscribers - 1 },
    },
    { what: "100 channels of 10, each event to all", channels: spread, plan: { toAll: true } },
    { what: "100 channels of 10, each event to one", channels: spread, plan: { deliveriesPerEvent: 10 } },
  ];
  await Bench.withAll(
    shapes.map(() => subjects.sealcast),
    async (benches) => {
      for (const [i, bench] of benches.entries()) await bench.subscribe(subscribers, shapes[i]?.channels);
      for (let turn = 0; turn < lab.pace.turns; turn += 1) {
        for (const [i, bench] of benches.entries()) {
          const { what, channels, plan } = shapes[i] ?? together;
          await measure(lab, bench, what, {
            ...publishModes["16 in flight"],
            ...plain,
            channels: namesOf(channels),
            ...plan,
          });
        }
      }
    },
  );
}

/** Where the processor time of a fan-out goes; in the profile's own run, because profiling slows the server down. */
async function profile(lab: Lab): Promise<void> {
  const subject = subjects.sealcast;
  const plan = { ...publishModes["16 in flight"], ...plain, seconds: 4 * lab.pace.runSeconds };
  await Bench.with(
    subject,
    async (bench) => {
      await bench.subscribe(subscribers);
      await bench.load.order("publish", plan);
      await bench.server.ask("start-profile");
      await bench.load.order("publish", plan);
      const shares = profileShares(await bench.server.ask("stop-profile"), serverPart);
      const values = Object.fromEntries([...shares].map(([part, share]) => [part === "" ? runtimePart : part, share]));
      lab.record({ scenario: "fanout", what: profiled, subject: subject.name, values });
    },
    { inside: true },
  );
}

/** Name of the profile among the measurements; its values are shares by part of the server. */
export const profiled = "where the time goes";

const oneChannel = { kind: "shared", count: 1 } as const;
const namesOf = (plan: ChannelPlan): string[] => Array.from({ length: plan.count }, (_, i) => channelName(i));
const plain = { channels: namesOf(oneChannel), dataBytes: 100, deliveriesPerEvent: subscribers };

async function measure(
  lab: Lab,
  bench: Bench,
  what: string,
  plan: Omit<PublishPlan, "seconds">,
  x?: number,
): Promise<void> {
  const result = await bench.publish({ ...plan, seconds: lab.pace.runSeconds });
  lab.record({
    scenario: "fanout",
    what,
    subject: bench.subject.name,
    ...(x === undefined ? {} : { x }),
    values: {
      deliveriesPerSecond: result.deliveries / result.seconds,
      cpuMicrosPerDelivery: result.cpuMicros / result.deliveries,
      serverCpuShare: result.cpuMicros / 1e6 / result.seconds,
      loadCpuShare: result.loadCpuShare,
    },
  });
}

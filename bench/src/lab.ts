import { LoadGenerator } from "./load/load-generator.ts";
import type { ChannelPlan, Orders } from "./load/orders.ts";
import type { PublishPlan } from "./load/publish-run.ts";
import type { Measurement } from "./measurement.ts";
import { ServerProcess, type ServerOptions } from "./subjects/server-process.ts";
import type { Subject } from "./subjects/subject.ts";

/** How long and how often things are measured. */
export interface Pace {
  /** Repetitions of what is slow to set up. */
  readonly rounds: number;
  /** Repetitions of short runs against servers that stay up: taken in turns, so that all meet the same disturbances. */
  readonly turns: number;
  /** Length of one short run. */
  readonly runSeconds: number;
  readonly churnSeconds: number;
}

/** What scenarios work with: they start servers, put load on them and hand in measurements. */
export interface Lab {
  readonly pace: Pace;
  record(measurement: Measurement): void;
}

/** A server with a load process of its own. */
export class Bench {
  readonly subject: Subject;
  readonly server: ServerProcess;
  readonly load: LoadGenerator;

  private constructor(subject: Subject, server: ServerProcess, load: LoadGenerator) {
    this.subject = subject;
    this.server = server;
    this.load = load;
  }

  /** Sets up one bench for `use`, and ends its processes whatever happens there. */
  static async with<T>(subject: Subject, use: (bench: Bench) => Promise<T>, options?: ServerOptions): Promise<T> {
    const server = await ServerProcess.start(subject, options);
    const load = new LoadGenerator();
    try {
      await load.order("target", { ports: [server.port], dialect: subject.dialect });
      return await use(new Bench(subject, server, load));
    } finally {
      load.kill();
      await server.stop();
    }
  }

  /** Sets up several benches side by side; idle ones cost next to nothing. */
  static withAll<T>(subjects: readonly Subject[], use: (benches: readonly Bench[]) => Promise<T>): Promise<T> {
    const [first, ...rest] = subjects;
    if (!first) return use([]);
    return Bench.with(first, (bench) => Bench.withAll(rest, (others) => use([bench, ...others])));
  }

  /** Adds subscribers; resolves when all are subscribed. */
  async subscribe(
    subscribers: number,
    channels: ChannelPlan = { kind: "shared", count: 1 },
  ): Promise<{ readonly seconds: number; readonly cpuMicros: number }> {
    const before = this.server.cpuMicros();
    const { seconds } = await this.load.order("grow", { subscribers, channels }, 120);
    return { seconds, cpuMicros: this.server.cpuMicros() - before };
  }

  /** Publishes as planned after a short warm-up, and adds what the server paid for it. */
  async publish(plan: PublishPlan): Promise<Orders["publish"]["answer"] & { readonly cpuMicros: number }> {
    await this.load.order("show-life", null);
    await this.load.order("publish", { ...plan, seconds: plan.seconds / 4 });
    const before = this.server.cpuMicros();
    const result = await this.load.order("publish", plan);
    return { ...result, cpuMicros: this.server.cpuMicros() - before };
  }
}

import type { AppId } from "@sealcast/protocol";
import { Gate } from "../gate.ts";
import { LateRequest } from "./late-request.ts";
import type { Reply, Script } from "../connection/redis-connection.ts";
import type { RedisNode } from "./redis-node.ts";
import { admitScript, releaseScript, syncQuotaScript } from "../scripts/quota-scripts.ts";

/** The admitted connections of one app on this node. */
interface Admitted {
  count: number;
  readonly gate: Gate;
}

/** The connections that this node has admitted, of apps that limit them. */
export class LocalQuotas {
  readonly #node: RedisNode;
  readonly #apps = new Map<AppId, Admitted>();

  constructor(node: RedisNode) {
    this.#node = node;
  }

  /** Admits a connection if the app has room on all nodes together. */
  admit(app: AppId, most: number): Promise<boolean> {
    const admitted = this.#of(app);
    return admitted.gate.pass(async () => {
      try {
        const isAdmitted = (await this.#run(app, admitScript, [String(most)])) === 1;
        if (isAdmitted) admitted.count += 1;
        return isAdmitted;
      } catch (error) {
        // It may have taken effect without an answer.
        this.#needsSync(error);
        return this.admitHere(app, most);
      }
    });
  }

  /** Admits a connection if the app has room on this node. It is counted in Redis by the next synchronization. */
  admitHere(app: AppId, most: number): boolean {
    const admitted = this.#of(app);
    if (admitted.count >= most) return false;
    admitted.count += 1;
    return true;
  }

  async release(app: AppId): Promise<void> {
    const admitted = this.#of(app);
    await admitted.gate.pass(async () => {
      admitted.count -= 1;
      try {
        await this.#run(app, releaseScript, []);
      } catch (error) {
        this.#needsSync(error);
      }
    });
  }

  /** Writes the counts of this node to Redis again. Rejects if that fails. */
  async synchronize(): Promise<void> {
    for (const [app, admitted] of this.#apps) {
      await admitted.gate.exclusively(() => this.#run(app, syncQuotaScript, [String(admitted.count)]));
    }
  }

  async #run(app: AppId, script: Script, args: readonly string[]): Promise<Reply> {
    await this.#node.buckets.use(`${app}/connections`);
    const { connection, keys, name } = this.#node;
    const all = [String(this.#node.nextRequest()), name, ...args];
    const reply = await connection.run(script, keys.quota(app, name), all);
    if (reply === "late") throw new LateRequest();
    return reply;
  }

  #needsSync(error: unknown): void {
    this.#node.report("engine.request_failed", error);
    this.#node.needsSync();
  }

  #of(app: AppId): Admitted {
    let admitted = this.#apps.get(app);
    if (admitted === undefined) {
      admitted = { count: 0, gate: new Gate() };
      admitted.gate.open(true);
      this.#apps.set(app, admitted);
    }
    return admitted;
  }
}

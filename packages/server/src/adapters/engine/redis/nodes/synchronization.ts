import type { AppId, ChannelName } from "@sealcast/protocol";
import type { EngineStatus } from "../../../../ports/engine.ts";
import type { ChannelChanges, SyncMode } from "../channels/channel-changes.ts";
import { cleanUpAfter } from "./cleanup.ts";
import { appOf } from "../encoding/keys.ts";
import { heldChannels } from "./held-channels.ts";
import { LateRequest } from "./late-request.ts";
import { Lease, type Renewal } from "./lease.ts";
import type { LocalChannel } from "../channels/local-channel.ts";
import type { LocalChannels } from "../channels/local-channels.ts";
import type { LocalQuotas } from "./local-quotas.ts";
import type { LocalUsers } from "./local-users.ts";
import type { RedisNode } from "./redis-node.ts";

/** Channels that are synchronized at a time. */
const sliceSize = 100;
/** A message that has not arrived for two of these periods does not arrive, in milliseconds. */
const giveUpPeriodMs = 2_500;
/** Pause before something that failed is tried again, in milliseconds. */
const retryMs = 200;

/**
 * Keeps Redis and this node in agreement: renews the lease, notices when the connection, the lease or Redis's data are lost,
 * and writes what this node holds again. Meanwhile, the engine is unavailable.
 */
export class Synchronization {
  readonly #node: RedisNode;
  readonly #channels: LocalChannels;
  readonly #changes: ChannelChanges;
  readonly #users: LocalUsers;
  readonly #quotas: LocalQuotas;
  readonly #lease: Lease;
  readonly #cleaning = new Set<string>();
  #status: EngineStatus = "unavailable";
  #leaseCheck: Promise<unknown> = Promise.resolve();
  #isConnected = false;
  #running = false;
  #isDue = false;
  /** Redis has lost data, and this node has not restored its part. */
  #mustRestore = false;
  #mode: SyncMode = "agree";
  #stops: (() => void)[] = [];
  #closed = false;

  constructor(
    node: RedisNode,
    channels: LocalChannels,
    changes: ChannelChanges,
    users: LocalUsers,
    quotas: LocalQuotas,
  ) {
    this.#node = node;
    this.#channels = channels;
    this.#changes = changes;
    this.#users = users;
    this.#quotas = quotas;
    this.#lease = new Lease(node);
    node.needsSync = () => this.#synchronizeSoon();
    node.isReady = () => this.isReady;
  }

  get isReady(): boolean {
    return this.#status === "ready" && this.#node.isRemembered;
  }

  /** Takes the first lease and renews it from now on. */
  async start(): Promise<void> {
    this.#isConnected = true;
    await this.#users.listen();
    this.#handle(await this.#lease.renew(true));
    const { clock, settings } = this.#node;
    this.#stops.push(
      clock.every(settings.leaseMs / 3, () => void this.#renew()),
      clock.every(giveUpPeriodMs, () => this.#channels.giveUp(false)),
    );
    this.#setStatus("ready");
  }

  connected(): void {
    this.#isConnected = true;
    for (const channel of this.#channels.all()) channel.isDirty = true;
    this.#synchronizeSoon();
  }

  disconnected(reason: string): void {
    this.#isConnected = false;
    this.#node.buckets.forgetNotes();
    this.#setStatus("unavailable", reason);
    this.#channels.giveUp(true);
    this.#users.giveUp();
  }

  /** Ends the lease and removes all that this node holds. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#closed = true;
    const wasReady = this.#status === "ready";
    this.#status = "unavailable";
    if (!wasReady) return;
    try {
      // Nobody has to wait until the lease ends.
      await cleanUpAfter(this.#node.name, this.#node);
    } catch (error) {
      this.#node.report("engine.close_failed", error);
    }
  }

  /** Renews the lease. With Redis Cluster, that can be possible while a connection to another server is lost. */
  async #renew(): Promise<void> {
    try {
      await this.#checkLease();
      if (this.#running) return;
      if (this.#isDue) this.#synchronizeSoon();
      else if (this.#isConnected) this.#setStatus("ready");
    } catch (error) {
      this.#setStatus("unavailable", messageOf(error));
    }
  }

  /**
   * Renews the lease, and begins another one if it was lost. One check at a time: a second one in between would take the
   * lease that Redis has lost with its data for one that has ended.
   */
  #checkLease(): Promise<void> {
    const check = this.#leaseCheck.then(() => this.#checkLeaseNow());
    this.#leaseCheck = check.catch(() => undefined);
    return check;
  }

  async #checkLeaseNow(): Promise<void> {
    const renewal = await this.#lease.renew(false);
    this.#handle(renewal);
    if (renewal.lost || renewal.dataLost) this.#handle(await this.#lease.renew(true));
  }

  #handle({ lost, dataLost, claimed, living }: Renewal): void {
    if (dataLost) this.#dataLost();
    else if (lost) this.#leaseLost();
    else
      this.#node.endedNodes.giveUp(living).catch((error: unknown) => this.#node.report("engine.request_failed", error));
    for (const dead of claimed) if (dead !== this.#node.name) void this.#cleanUpAfter(dead);
  }

  #dataLost(): void {
    this.#node.report("engine.data_lost", "Redis has lost data; every node restores what it holds");
    this.#setStatus("unavailable", "Redis has lost data");
    this.#mustRestore = true;
    this.#isDue = true;
    this.#node.buckets.forgetNotes();
    this.#allDirty();
  }

  #leaseLost(): void {
    this.#node.report(
      "engine.lease_lost",
      "This node was silent for longer than its lease, and continues as a new one",
    );
    this.#setStatus("unavailable", "the lease has ended");
    this.#node.rename();
    this.#mode = "return";
    this.#isDue = true;
    this.#allDirty();
  }

  #allDirty(): void {
    for (const channel of this.#channels.all()) channel.isDirty = true;
  }

  #synchronizeSoon(): void {
    this.#isDue = true;
    if (this.#running || this.#closed || !this.#isConnected) return;
    this.#running = true;
    void this.#synchronizeNow();
  }

  async #synchronizeNow(): Promise<void> {
    try {
      do {
        this.#isDue = false;
        await this.#synchronize();
      } while (this.#isDue && !this.#closed);
      this.#running = false;
      if (this.#isConnected) this.#setStatus("ready");
    } catch (error) {
      this.#running = false;
      this.#isDue = true;
      this.#setStatus("unavailable", messageOf(error));
      this.#node.clock.after(retryMs, () => this.#synchronizeSoon());
    }
  }

  async #synchronize(): Promise<void> {
    await this.#checkLease();
    await this.#users.listen();
    try {
      await this.#write();
    } catch (error) {
      if (!(error instanceof LateRequest) || this.#closed) throw error;
      // Others have given this node up, although its lease does not show it: Redis lost data at that time.
      this.#leaseLost();
      this.#handle(await this.#lease.renew(true));
    }
  }

  /** Writes what this node holds. */
  async #write(): Promise<void> {
    if (this.#mustRestore) await this.#restore();
    const mode = this.#mode;
    await this.#quotas.synchronize();
    await this.#users.synchronize(mode);
    await this.#findForgotten();
    await this.#eachDirty((channel) => this.#changes.synchronize(channel, mode));
    if (this.#mode === mode) this.#mode = "agree";
  }

  /** Writes what this node held before Redis lost it, and waits until the other nodes have done so. */
  async #restore(): Promise<void> {
    await this.#quotas.synchronize();
    await this.#users.synchronize("restore");
    await this.#eachDirty((channel) => this.#changes.synchronize(channel, "restore"));
    while (!(await this.#lease.restored())) await this.#pause();
    this.#mustRestore = false;
  }

  /**
   * After Redis has lost writes, it may hold connections of this node on channels that nobody here uses any more: uses these
   * channels, so that they are synchronized.
   */
  async #findForgotten(): Promise<void> {
    for (const bucket of await this.#node.buckets.renew()) {
      const app = appOf(bucket);
      for await (const channels of heldChannels(bucket, this.#node.name, this.#node)) {
        await Promise.all(channels.map((name) => this.#mustSynchronize(app, name)));
      }
      this.#node.buckets.agrees(bucket);
    }
  }

  async #mustSynchronize(app: AppId, name: ChannelName): Promise<void> {
    const channel = this.#channels.use(app, name);
    await channel.gate.pass((isOpen) => {
      if (!isOpen) return Promise.reject(new Error("A channel could not be subscribed"));
      channel.isDirty = true;
      return Promise.resolve();
    });
  }

  async #eachDirty(task: (channel: LocalChannel) => Promise<void>): Promise<void> {
    const dirty = this.#channels.all().filter((channel) => channel.isDirty);
    for (let at = 0; at < dirty.length; at += sliceSize) {
      await Promise.all(dirty.slice(at, at + sliceSize).map(task));
    }
    for (const channel of dirty) this.#channels.releaseIfIdle(channel);
  }

  async #cleanUpAfter(dead: string): Promise<void> {
    if (this.#cleaning.has(dead)) return;
    this.#cleaning.add(dead);
    try {
      this.#node.report("engine.node_lost", dead);
      await cleanUpAfter(dead, this.#node);
    } catch (error) {
      // The claim ends, and the next renewal of any node tries again.
      this.#node.report("engine.cleanup_failed", error);
    } finally {
      this.#cleaning.delete(dead);
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      this.#node.clock.after(retryMs, resolve);
    });
  }

  #setStatus(status: EngineStatus, reason = ""): void {
    if (this.#status === status || this.#closed) return;
    this.#status = status;
    if (status === "unavailable") this.#node.report("engine.interrupted", reason);
    this.#node.events?.statusChanged(status);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

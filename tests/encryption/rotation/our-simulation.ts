import { deriveChannelKey, decodeBase64, openPayload } from "@sealcast/crypto";
import type { EncryptionOptions } from "@sealcast/server-sdk";
import { vi } from "vitest";
import { compare, BackendFleet, twoKeys, type FleetOptions } from "./simulation.ts";
import type { RollOut } from "./roll-outs.ts";
import type { OurSubscriber } from "./our-subscriber.ts";

/** The channel of the simulations. */
export const channelName = "private-encrypted-orders";

/** Time between two events, in milliseconds. */
export const everyMs = 10;

/** A fleet whose time our client lives in, too, and whose seed decides the client's pauses: a run can be repeated. */
export function startFleet(options: Omit<FleetOptions, "encryption">, encryption: EncryptionOptions): BackendFleet {
  const fleet = new BackendFleet({ ...options, encryption }, (name, value) => void vi.stubGlobal(name, value));
  vi.stubGlobal("performance", { now: () => fleet.time.nowMs });
  vi.spyOn(Math, "random").mockImplementation(() => fleet.between(0, 1));
  return fleet;
}

/** The result of a simulation at one subscriber. */
export interface Result {
  readonly sent: number;
  readonly lost: number;
  readonly repeated: number;
  /** Events that came out of the order of their arrival without being marked as late. */
  readonly outOfOrder: number;
  readonly late: number;
  readonly keyRequests: number;
}

/** Compares what was sent and what arrived with what was emitted. */
export function judge(fleet: BackendFleet, subscriber: OurSubscriber, masterKeys: readonly string[]): Result {
  const secrets = masterKeys.map((key) => deriveChannelKey(decodeBase64(key) ?? new Uint8Array(), channelName));
  const arrived = subscriber.arrived.map((data) => {
    const opened = openPayload(secrets, data);
    return opened.ok ? opened.plaintext.value : undefined;
  });
  const place = new Map(arrived.map((value, index) => [value, index]));
  const places = subscriber.received
    .filter((value) => !subscriber.late.has(value))
    .map((value) => place.get(value) ?? -1);
  return {
    ...compare(fleet.sent, subscriber.received),
    sent: fleet.sent.length,
    outOfOrder: places.filter((value, index) => value < (places[index - 1] ?? -1)).length,
    late: subscriber.late.size,
    keyRequests: subscriber.keyRequests,
  };
}

/** Publishes an event every {@link everyMs}, and changes the keys in the middle. */
export async function rotate(
  options: Omit<FleetOptions, "encryption">,
  rollOut: RollOut,
  subscribe: (fleet: BackendFleet) => OurSubscriber,
  durationMs = 4_000,
): Promise<Result> {
  const keys = twoKeys();
  const fleet = startFleet(options, { ring: [{ key: keys[0] }] });
  rollOut(fleet, fleet.time.nowMs + 500 + durationMs / 2, keys);
  const subscriber = subscribe(fleet);
  await fleet.time.run(fleet.time.nowMs + 500);
  await fleet.publishFor(durationMs, everyMs, channelName);
  await fleet.settle();
  subscriber.client.disconnect();
  return judge(fleet, subscriber, keys);
}

import { createHash } from "node:crypto";
import type { EncryptionOptions, MasterKeyOption } from "@sealcast/server-sdk";

/** One key of a ring, without the key. */
export interface RingKeyState {
  /** First digits of the SHA-256 of the key, to tell keys apart. */
  readonly fingerprint: string;
  /** ISO time from which publishers use the key; undefined for a key that is in use from the start. */
  readonly from: string | undefined;
  readonly state: "replaced" | "in use" | "next";
  /** ISO time from which no client and no publisher needs the key; undefined as long as no later key replaces it. */
  readonly removableFrom: string | undefined;
}

const defaultPauseMs = 2_000;
const defaultOverlapMs = 2_100_000;

/** Returns the state of each key of a valid ring, oldest first. */
export function ringStates(options: EncryptionOptions, nowMs: number): RingKeyState[] {
  const keys = options.ring.toSorted((a, b) => startMs(a) - startMs(b));
  const current = Math.max(
    keys.findLastIndex((key) => startMs(key) <= nowMs),
    0,
  );
  return keys.map((key, index) => {
    const next = keys[index + 1];
    return {
      fingerprint: createHash("sha256").update(key.key).digest("hex").slice(0, 8),
      from: key.from === undefined ? undefined : new Date(key.from).toISOString(),
      state: index < current ? "replaced" : index === current ? "in use" : "next",
      removableFrom: next === undefined ? undefined : new Date(endMs(startMs(next), options)).toISOString(),
    };
  });
}

/** Returns when a rotation is complete: all channels have rotated, and clients no longer get the replaced key. */
export function endMs(rotationMs: number, options: Omit<EncryptionOptions, "ring">): number {
  const { rotationPauseMs = defaultPauseMs, staggerMs = 0, overlapMs = defaultOverlapMs } = options;
  return rotationMs + staggerMs + rotationPauseMs + overlapMs;
}

function startMs({ from = 0 }: MasterKeyOption): number {
  return new Date(from).getTime();
}

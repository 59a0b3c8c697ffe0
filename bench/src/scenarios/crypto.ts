import { deepStrictEqual } from "node:assert";
import { randomBytes } from "node:crypto";
import { naclSecretbox } from "@sealcast/crypto";
import nacl from "tweetnacl";
import type { Lab } from "../lab.ts";

/** Seals and opens with one key and nonce, which only a measurement may use twice. */
interface Cipher {
  seal(plaintext: Uint8Array): Uint8Array;
  open(sealed: Uint8Array): Uint8Array | null | undefined;
}

const key = randomBytes(32);
const nonce = randomBytes(24);
const sealcast: Cipher = {
  seal: (plaintext) => naclSecretbox.seal(key, nonce, plaintext),
  open: (sealed) => naclSecretbox.open(key, nonce, sealed),
};
/** What the official libraries seal and open with. */
const tweetnacl: Cipher = {
  seal: (plaintext) => nacl.secretbox(plaintext, nonce, key),
  open: (sealed) => nacl.secretbox.open(sealed, nonce, key),
};
const plaintextBytes = [100, 1_000, 10_000];
/** Calls between two looks at the clock. */
const callsAtOnce = 50;

/** What sealing and opening an event costs, beside the library that the official ones use. */
export async function crypto(lab: Lab): Promise<void> {
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const size of plaintextBytes) {
      const plaintext = randomBytes(size);
      const sealed = checkedSeal(plaintext);
      measure(lab, "seal", size, (cipher) => cipher.seal(plaintext));
      measure(lab, "open", size, (cipher) => cipher.open(sealed));
    }
  }
}

/** Both seal to the same bytes and open them. */
function checkedSeal(plaintext: Uint8Array): Uint8Array {
  const sealed = sealcast.seal(plaintext);
  deepStrictEqual(tweetnacl.seal(plaintext), sealed);
  for (const cipher of [sealcast, tweetnacl]) deepStrictEqual(Buffer.from(cipher.open(sealed) ?? []), plaintext);
  return sealed;
}

/** One run of each, directly after one another; the ratio compares only these two. */
function measure(lab: Lab, what: string, size: number, call: (cipher: Cipher) => unknown): void {
  const { runSeconds } = lab.pace;
  const theirs = cpuMicrosPerCall(() => call(tweetnacl), runSeconds / 4);
  const ours = cpuMicrosPerCall(() => call(sealcast), runSeconds / 4);
  lab.record({ scenario: "crypto", what, subject: "tweetnacl", x: size, values: { cpuMicros: theirs } });
  lab.record({
    scenario: "crypto",
    what,
    subject: "Sealcast",
    x: size,
    values: { cpuMicros: ours, timesTweetnacl: theirs / ours },
  });
}

/** After a warm-up of a quarter of the time. */
function cpuMicrosPerCall(call: () => unknown, seconds: number): number {
  callFor(seconds / 4, call);
  const before = process.cpuUsage();
  const calls = callFor(seconds, call);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

function callFor(seconds: number, call: () => unknown): number {
  const end = performance.now() + seconds * 1_000;
  let calls = 0;
  do {
    for (let i = 0; i < callsAtOnce; i += 1) call();
    calls += callsAtOnce;
  } while (performance.now() < end);
  return calls;
}

import { deepStrictEqual } from "node:assert";
import { randomBytes } from "node:crypto";
import { naclSecretbox } from "@sealcast/crypto";
import nacl from "tweetnacl";
import type { Lab } from "../lab.ts";
import { backendPublishes, eventSchemes } from "./crypto-events.ts";

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
  const publishes = backendPublishes();
  for (let turn = 0; turn < lab.pace.turns; turn += 1) {
    for (const size of plaintextBytes) {
      const value = { text: "x".repeat(size - '{"text":""}'.length) };
      measureEvents(lab, size, value);
      let plainMicros = 0;
      for (const { name, publish } of publishes) {
        const cpuMicros = await cpuMicrosPerPublish(() => publish(value), lab.pace.runSeconds / 4);
        if (name === "plain") plainMicros = cpuMicros;
        lab.record({
          scenario: "crypto",
          what: "publish",
          subject: name,
          x: size,
          values: { cpuMicros, addedMicros: cpuMicros - plainMicros },
        });
      }
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

/** A whole event, from value to `data` and back, with each scheme in turn. */
function measureEvents(lab: Lab, size: number, value: unknown): void {
  const { runSeconds } = lab.pace;
  for (const { name, seal, open } of eventSchemes) {
    const data = seal(value);
    deepStrictEqual(open(data), value);
    const sealMicros = cpuMicrosPerCall(() => seal(value), runSeconds / 4);
    const openMicros = cpuMicrosPerCall(() => open(data), runSeconds / 4);
    const values = { sealMicros, openMicros, bytes: data.length };
    lab.record({ scenario: "crypto", what: "event", subject: name, x: size, values });
  }
}

/** After a warm-up of a quarter of the time. */
async function cpuMicrosPerPublish(publish: () => Promise<unknown>, seconds: number): Promise<number> {
  const publishFor = async (duration: number): Promise<number> => {
    const end = performance.now() + duration * 1_000;
    let calls = 0;
    for (; performance.now() < end; calls += callsAtOnce) for (let i = 0; i < callsAtOnce; i += 1) await publish();
    return calls;
  };
  await publishFor(seconds / 4);
  const before = process.cpuUsage();
  const calls = await publishFor(seconds);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
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

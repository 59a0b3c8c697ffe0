import { readFile } from "node:fs/promises";
import { generateMasterKey, Sealcast, SealcastError, type EncryptionOptions } from "@sealcast/server-sdk";
import { CommandFailure } from "../command-failure.ts";
import { printResult, table } from "../output.ts";
import { createPrivateFile, replacePrivateFile } from "./private-file.ts";
import { endMs, ringStates } from "./ring-state.ts";

const hourMs = 3_600_000;

/** Clients of `@sealcast/client` ask for keys at least once in this time. */
const clientRefreshMs = 6 * hourMs;

/** How long clients get a replaced key of sealed channels, in milliseconds: the default of the server library. */
const sealedOverlapMs = 2 * hourMs;

/** Creates a ring file with one new key, for encrypted or for sealed channels. */
export async function createRing(path: string, isSealed = false): Promise<void> {
  const ring = [{ key: generateMasterKey() }];
  await createPrivateFile(path, textOf(isSealed ? { ring, overlapMs: sealedOverlapMs } : { ring }));
  const option = isSealed ? "sealed" : "encryption";
  process.stderr.write(`Created ${path}. Give it to your backends (option ${option}); never to the server.\n`);
}

/** Prints the state of each key. */
export async function inspectRing(path: string, json: boolean | undefined): Promise<void> {
  const states = ringStates(await readRing(path), Date.now());
  printResult(json, states, () =>
    table(
      ["FINGERPRINT", "STATE", "FROM", "REMOVABLE FROM"],
      states.map(({ fingerprint, state, from, removableFrom }) => [fingerprint, state, from ?? "start", removableFrom]),
    ),
  );
}

/**
 * Adds a new key to a ring file and prints what to do until when.
 *
 * @param at time at which publishers begin to use the key; by default in seven hours.
 */
export async function rotateRing(path: string, at: string | undefined): Promise<void> {
  const options = await readRing(path);
  const nowMs = Date.now();
  const rotationMs = at === undefined ? nowMs + clientRefreshMs + hourMs : Date.parse(at);
  if (Number.isNaN(rotationMs)) throw new CommandFailure("--at needs a time such as 2030-01-01T03:00:00Z.");
  if (rotationMs < nowMs)
    throw new CommandFailure("--at is in the past: publishers would rotate at different moments.");
  if (ringStates(options, nowMs).some(({ state }) => state === "next")) {
    throw new CommandFailure("The ring has a next key already: wait until its rotation is over (keys inspect).");
  }
  const from = new Date(rotationMs).toISOString();
  const next = { ...options, ring: [...options.ring, { key: generateMasterKey(), from }] };
  checkRing(next);
  await replacePrivateFile(path, textOf(next));
  process.stdout.write(planOf(path, rotationMs, endMs(rotationMs, options), rotationMs - nowMs >= clientRefreshMs));
}

function planOf(path: string, rotationMs: number, completeMs: number, isFarAhead: boolean): string {
  const [rotation, complete] = [rotationMs, completeMs].map((ms) => new Date(ms).toISOString());
  const [early, late] = [rotationMs - clientRefreshMs, rotationMs].map((ms) => new Date(ms).toISOString());
  const hint = isFarAhead
    ? `Clients of @sealcast/client lose nothing if all backends have it before ${early}.`
    : "Less than 6 hours remain: some clients ask for the new key only when they receive an event under it.";
  return `Added a key to ${path}.

  1. Before ${late}: give the file to every backend.
     ${hint}
  2. At ${rotation}: backends use the new key, each by its own clock. Nothing to do.
  3. After ${complete}: remove the old key from the file and from backups.
`;
}

async function readRing(path: string): Promise<EncryptionOptions> {
  let options: EncryptionOptions;
  try {
    options = JSON.parse(await readFile(path, "utf8")) as EncryptionOptions;
  } catch {
    throw new CommandFailure(`Cannot read ${path} as JSON. \`sealcast keys ring FILE\` creates a ring.`);
  }
  checkRing(options);
  return options;
}

/** The server library checks a ring when a client is created; nothing is sent. */
function checkRing(encryption: EncryptionOptions): void {
  try {
    void new Sealcast({ appId: "1", key: "k", secret: "s", encryption });
  } catch (error) {
    if (error instanceof SealcastError) throw new CommandFailure(`${error.message}.`);
    throw error;
  }
}

function textOf(options: EncryptionOptions): string {
  return `${JSON.stringify(options, undefined, 2)}\n`;
}

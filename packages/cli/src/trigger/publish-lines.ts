import type { Sealcast, TriggerEvent } from "@sealcast/server-sdk";
import { CommandFailure } from "../command-failure.ts";
import { readLines } from "../read-input.ts";
import { eventData } from "./event-data.ts";

/** Events of one call of the library, which sends ten in a request. */
const eventsPerCall = 100;

/**
 * Publishes each line of a file in order.
 *
 * @param path file of JSON lines; `-` for standard input.
 * @returns the number of events.
 */
export async function publishLines(api: Sealcast, path: string): Promise<number> {
  let published = 0;
  let read = 0;
  let batch: TriggerEvent[] = [];
  const publish = async (): Promise<void> => {
    try {
      await api.triggerBatch(batch);
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown";
      throw new CommandFailure(`Stopped after ${published} events: ${reason}.`);
    }
    published += batch.length;
    batch = [];
    if (process.stderr.isTTY) process.stderr.write(`\rPublished ${published} events`);
  };
  for await (const line of readLines(path)) {
    read += 1;
    batch.push(parseEvent(line, read));
    if (batch.length === eventsPerCall) await publish();
  }
  if (batch.length > 0) await publish();
  if (process.stderr.isTTY) process.stderr.write("\n");
  return published;
}

/** Reads one line. The error does not repeat it: it is the data of an event. */
function parseEvent(line: string, number: number): TriggerEvent {
  const { channel, name, event = name, data, socketId } = fieldsOf(line);
  if (typeof channel !== "string" || typeof event !== "string" || data === undefined) {
    throw new CommandFailure(`Line ${number} is not an event. Expected {"channel":"…","name":"…","data":…}.`);
  }
  const value = typeof data === "string" ? eventData(data, channel) : data;
  return { channel, name: event, data: value, ...(typeof socketId === "string" && { socketId }) };
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import { colored, withoutControls } from "../output.ts";

/** An event that a channel received. */
export interface ReceivedEvent {
  readonly channel: string;
  readonly event: string;
  readonly data: unknown;
}

/** Returns the line that `subscribe` prints for an event. */
export function eventLine({ channel, event, data }: ReceivedEvent, json: boolean | undefined): string {
  if (json === true) return `${JSON.stringify({ channel, event, data })}\n`;
  const text = typeof data === "string" ? data : (JSON.stringify(data) ?? "");
  return `${colored(31, withoutControls(channel))}  ${colored(34, withoutControls(event))}  ${withoutControls(text)}\n`;
}

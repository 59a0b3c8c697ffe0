import { colored } from "../output.ts";

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
  return `${colored(31, channel)}  ${colored(34, event)}  ${withoutControls(text)}\n`;
}

/** Anyone who may publish could otherwise send escape sequences to the terminal. */
function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

import { exceedsCharacters } from "./character-count.ts";
import { limits } from "./limits.ts";
import { fail, ok, quote, type Parsed } from "./parsed.ts";

/** A checked event name. Created by {@link parseEventName}. */
export type EventName = string & { readonly __brand: "EventName" };

/**
 * Checks an event name: 1 to 200 characters. Any character is allowed, because frameworks send class names and
 * namespaces. Fails with `invalidEventName`.
 *
 * @example
 * parseEventName("App\\Events\\OrderPaid").ok; // true
 */
export function parseEventName(value: unknown): Parsed<EventName> {
  if (typeof value === "string" && value.length > 0 && !exceedsCharacters(value, limits.eventNameLength)) {
    return ok(value as EventName);
  }
  return fail(
    "invalidEventName",
    `Invalid event name ${quote(value)}: expected a string of 1 to ${limits.eventNameLength} characters`,
  );
}

/** Returns whether an event is one that clients send to each other: its name starts with `client-`. */
export function isClientEvent(name: string): boolean {
  return name.startsWith("client-");
}

/** Returns whether an event name belongs to the server. Publishers cannot use it. */
export function isReservedEvent(name: string): boolean {
  return name.startsWith("pusher:") || name.startsWith("pusher_internal:");
}

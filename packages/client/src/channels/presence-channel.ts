import type { UnknownEvents } from "../emitter.ts";
import type { Channel } from "./channel.ts";
import type { Member, Members } from "./roster.ts";

/** Events that a presence channel has besides those of every channel. */
export interface PresenceEvents<Info> {
  readonly "pusher:subscription_succeeded": Members<Info>;
  readonly "pusher:member_added": Member<Info>;
  readonly "pusher:member_removed": Member<Info>;
}

/** A channel whose subscribers know of each other. */
export interface PresenceChannel<Events extends object = UnknownEvents, Info = unknown> extends Channel<
  Events & PresenceEvents<Info>
> {
  readonly members: Members<Info>;
}

import type { UnknownEvents } from "../emitter.ts";
import type { Channel } from "./channel.ts";

/** A channel that the application's server must let a client join. */
export type PrivateChannel<Events extends object = UnknownEvents> = Channel<Events>;

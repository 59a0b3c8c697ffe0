export { getSealcast, setSealcast } from "./context.ts";
export { onEvent } from "./on-event.ts";
export { channel, connectionState, presence, subscription, user, type MemberInfo } from "./stores.ts";
export type { PresenceState, SubscriptionState, UserState } from "@sealcast/client/stores";

export { connectionStore } from "./connection-store.ts";
export { holdChannel } from "./hold-channel.ts";
export { listenFromLast } from "./listen-from-last.ts";
export { presenceStore, type PresenceState } from "./presence-store.ts";
export type { ChannelSource, SharedChannel } from "./shared-channel.ts";
export type { Store } from "./store.ts";
export { subscriptionStore, type SubscriptionState } from "./subscription-store.ts";
export { userStore, type UserState } from "./user-store.ts";

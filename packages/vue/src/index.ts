export {
  provideSealcast,
  useSealcast,
  type ChannelName,
  type Register,
  type RegisteredChannel,
  type RegisteredChannels,
} from "./provide-sealcast.ts";
export { useChannel } from "./use-channel.ts";
export { useConnectionState } from "./use-connection-state.ts";
export { useEvent } from "./use-event.ts";
export { usePresence, type MemberInfo } from "./use-presence.ts";
export { useSubscription } from "./use-subscription.ts";
export { useUser } from "./use-user.ts";
export type { PresenceState, SubscriptionState, UserState } from "@sealcast/client/stores";

export {
  SealcastProvider,
  useSealcast,
  type Register,
  type RegisteredChannels,
  type SealcastProviderProps,
} from "./sealcast-provider.tsx";
export { useChannel, type ChannelName, type RegisteredChannel } from "./use-channel.ts";
export { useConnectionState } from "./use-connection-state.ts";
export { useEvent } from "./use-event.ts";
export { useSubscription, type Subscription } from "./use-subscription.ts";
export { useTrigger } from "./use-trigger.ts";
export { useUser } from "./use-user.ts";
export { usePresence, type MemberInfo } from "./use-presence.ts";
export type { PresenceState, SubscriptionState, UserState } from "@sealcast/client/stores";

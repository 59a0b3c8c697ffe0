import type { ChannelName } from "@sealcast/protocol";

/** A change of a channel's occupancy. */
export type OccupancyFact =
  | { readonly kind: "occupied" | "vacated"; readonly channel: ChannelName }
  | { readonly kind: "member-added" | "member-removed"; readonly channel: ChannelName; readonly userId: string }
  | { readonly kind: "subscription-count"; readonly channel: ChannelName; readonly count: number };

import type { ChannelName } from "@sealcast/protocol";

interface Ordered {
  readonly channel: ChannelName;
  /**
   * Later changes of the channel have higher numbers. Undefined: changes are reported in their order, because a single node
   * makes them.
   */
  readonly order?: number;
}

/** A change of a channel's occupancy. */
export type OccupancyFact =
  | (Ordered & { readonly kind: "occupied" | "vacated" })
  | (Ordered & { readonly kind: "member-added" | "member-removed"; readonly userId: string })
  | { readonly kind: "subscription-count"; readonly channel: ChannelName; readonly count: number };

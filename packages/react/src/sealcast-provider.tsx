/* oxlint-disable typescript/no-unnecessary-type-arguments -- the default only where an app tells nothing */
import type { Sealcast, UnknownChannels } from "@sealcast/client";
import { createContext, useContext, type ReactNode } from "react";

/**
 * Tells the hooks which channels and events an app has: extend it with a `channels` property of the type that
 * `Sealcast` takes.
 *
 * @example
 * declare module "@sealcast/react" {
 *   interface Register { channels: { room: { message: { text: string } } } }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-empty-interface -- apps fill it
export interface Register {}

/** The channels of {@link Register}, or any channels if the app declares none. */
export type RegisteredChannels = Register extends { readonly channels: infer Channels extends object }
  ? Channels
  : UnknownChannels;

const SealcastContext = createContext<Sealcast<RegisteredChannels> | undefined>(undefined);

/** What {@link SealcastProvider} takes. */
export interface SealcastProviderProps {
  /** Made once, outside of components; with `autoConnect: false` where the same code renders on a server. */
  readonly client: Sealcast<RegisteredChannels>;
  readonly children?: ReactNode;
}

/** Provides a client to the hooks below it. */
export function SealcastProvider({ client, children }: SealcastProviderProps): ReactNode {
  return <SealcastContext.Provider value={client}>{children}</SealcastContext.Provider>;
}

/** The client of the nearest {@link SealcastProvider}. Throws outside of one. */
export function useSealcast(): Sealcast<RegisteredChannels> {
  const client = useContext(SealcastContext);
  if (!client) throw new Error("Cannot use a hook of Sealcast: expected a SealcastProvider above this component");
  return client;
}

/* oxlint-disable typescript/no-unnecessary-type-arguments -- the default only if the app declares no channels */
import type { Sealcast, UnknownChannels } from "@sealcast/client";
import { createContext, useContext, type ReactNode } from "react";

/**
 * Declares the channels and events of an app for the hooks: extend it with a `channels` property of the type that
 * `Sealcast` takes.
 *
 * @example
 * declare module "@sealcast/react" {
 *   interface Register { channels: { room: { message: { text: string } } } }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-empty-interface -- apps extend it
export interface Register {}

/** The channels of {@link Register}, or any channels if the app declares none. */
export type RegisteredChannels = Register extends { readonly channels: infer Channels extends object }
  ? Channels
  : UnknownChannels;

const SealcastContext = createContext<Sealcast<RegisteredChannels> | undefined>(undefined);

/** Properties of {@link SealcastProvider}. */
export interface SealcastProviderProps {
  /** Created once, outside of components; with `autoConnect: false` if the same code renders on a server. */
  readonly client: Sealcast<RegisteredChannels>;
  readonly children?: ReactNode;
}

/** Provides a client to the hooks below it. */
export function SealcastProvider({ client, children }: SealcastProviderProps): ReactNode {
  return <SealcastContext.Provider value={client}>{children}</SealcastContext.Provider>;
}

/**
 * Returns the client of the nearest {@link SealcastProvider}.
 *
 * @throws {Error} outside of a provider.
 */
export function useSealcast(): Sealcast<RegisteredChannels> {
  const client = useContext(SealcastContext);
  if (!client) throw new Error("Cannot use a hook of Sealcast: expected a SealcastProvider above this component");
  return client;
}

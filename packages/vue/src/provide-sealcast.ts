/* oxlint-disable typescript/no-unnecessary-type-arguments -- the default only if the app declares no channels */
import type { ChannelOf, Sealcast, UnknownChannels } from "@sealcast/client";
import { inject, provide, type App, type InjectionKey } from "vue";

/**
 * Declares the channels and events of an app for the composables: extend it with a `channels` property of the type that
 * `Sealcast` takes.
 *
 * @example
 * declare module "@sealcast/vue" {
 *   interface Register { channels: { room: { message: { text: string } } } }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-object-type, typescript/no-empty-interface -- apps extend it
export interface Register {}

/** The channels of {@link Register}, or any channels if the app declares none. */
export type RegisteredChannels = Register extends { readonly channels: infer Channels extends object }
  ? Channels
  : UnknownChannels;

/** The name of a channel of the app. */
export type ChannelName = Extract<keyof RegisteredChannels, string>;

/** The channel with this name, as the registered channels describe it. */
export type RegisteredChannel<Name extends ChannelName> = ChannelOf<Name, RegisteredChannels[Name]>;

const sealcastKey: InjectionKey<Sealcast<RegisteredChannels>> = Symbol("sealcast");

/**
 * Provides a client to the composables of the components below this one, or of the whole app.
 *
 * @param client created once, outside of components; with `autoConnect: false` if the same code renders on a server.
 * @param app the app; without it, the component whose `setup` is running.
 * @example
 * provideSealcast(new Sealcast("app-key", { url: "https://realtime.example.com" }), app);
 */
export function provideSealcast(client: Sealcast<RegisteredChannels>, app?: App): void {
  if (app) app.provide(sealcastKey, client);
  else provide(sealcastKey, client);
}

/**
 * Returns the client that an app or a component above has provided.
 *
 * @throws {Error} if none has.
 */
export function useSealcast(): Sealcast<RegisteredChannels> {
  const client = inject(sealcastKey, undefined);
  if (!client) throw new Error("Cannot use a composable of Sealcast: expected provideSealcast(client, app) before");
  return client;
}

import { readGrant, type AskBy, type Authorize } from "./ask-for-channel.ts";
import type { AuthorizationOptions, ChannelHandler } from "./auth-options.ts";
import type { ChannelGrant } from "./channel-grant.ts";
import { runHandler } from "./run-handler.ts";

interface Granted {
  readonly grant: Promise<ChannelGrant>;
  /** On the clock of `Date.now()`; infinity while the answer is under way. */
  until: number;
}

/**
 * Makes what obtains permissions for channels: it joins requests for the same channel, and keeps what may be kept.
 *
 * @param askBy how to ask the endpoint, where there is no handler.
 */
export function createAuthorizer(options: AuthorizationOptions<ChannelHandler>, askBy: AskBy): Authorize {
  const { customHandler, timeoutMs } = options;
  /** By channel; for one connection alone, as permissions are. */
  const known = new Map<string, Granted>();
  let knownSocketId: string | undefined;

  const askHandler = (handler: ChannelHandler): Authorize => {
    return async (request) => {
      const { socketId, channel: channelName } = request;
      return readGrant(
        request,
        await runHandler((callback) => handler({ socketId, channelName }, callback), timeoutMs),
      );
    };
  };
  const ask = customHandler ? askHandler(customHandler) : askBy(options);

  return (request) => {
    const { channel, socketId, encrypted } = request;
    if (knownSocketId !== socketId) known.clear();
    knownSocketId = socketId;
    const earlier = known.get(channel);
    if (earlier && Date.now() < earlier.until) return earlier.grant;

    const granted: Granted = { grant: ask(request), until: Infinity };
    known.set(channel, granted);
    const keepFor = (ms = 0): void => {
      granted.until = Date.now() + ms;
      if (!ms && known.get(channel) === granted) known.delete(channel);
    };
    granted.grant.then(
      // Keys are kept by their channel alone, which knows when to forget them.
      ({ ttlMs }) => keepFor(encrypted ? 0 : ttlMs),
      () => keepFor(),
    );
    return granted.grant;
  };
}

import { readGrant, type AuthorizeBy, type Authorize } from "./channel-request.ts";
import type { AuthorizationOptions, ChannelHandler } from "./auth-options.ts";
import type { ChannelGrant } from "./channel-grant.ts";
import { runHandler } from "./run-handler.ts";

interface Granted {
  readonly grant: Promise<ChannelGrant>;
  /** Time of `Date.now()` until which the grant is used again; infinity while the answer is under way. */
  until: number;
}

/**
 * Creates the channel authorizer. Concurrent requests for one channel share one call; grants are cached for their `ttl_ms`.
 *
 * @param authorizeBy how to ask the endpoint if there is no handler.
 */
export function createAuthorizer(options: AuthorizationOptions<ChannelHandler>, authorizeBy: AuthorizeBy): Authorize {
  const { customHandler, timeoutMs } = options;
  /** Grants by channel. They are valid for one connection only. */
  const known = new Map<string, Granted>();
  let knownSocketId: string | undefined;

  const ask = customHandler ? authorizeByHandler(customHandler, timeoutMs) : authorizeBy(options);

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
      // Only the channel keeps keys: it knows when to forget them.
      ({ ttlMs }) => keepFor(encrypted ? 0 : ttlMs),
      () => keepFor(),
    );
    return granted.grant;
  };
}

/** Has a handler of the application authorize. @param timeoutMs how long to wait for it, in milliseconds; default 30,000. */
function authorizeByHandler(handler: ChannelHandler, timeoutMs?: number): Authorize {
  return async (request) => {
    const { socketId, channel: channelName } = request;
    return readGrant(request, await runHandler((callback) => handler({ socketId, channelName }, callback), timeoutMs));
  };
}

import type { EndpointOptions } from "../auth/auth-options.ts";

/** Number of a request → where its answer goes. Scripts find this as `Pusher.auth_callbacks`. */
export type AuthCallbacks = Record<string, (answer: unknown) => void>;

let requests = 0;

/**
 * Asks an endpoint by way of a script, for pages whose endpoint belongs to another origin and allows nothing else. Never
 * for keys: any page of any origin could include the same script and read them.
 */
export function askByScript(
  callbacks: AuthCallbacks,
  defaultEndpoint: string,
  { endpoint = defaultEndpoint, params, paramsProvider }: EndpointOptions,
  { socketId, channelName }: { readonly socketId: string; readonly channelName?: string },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (channelName?.startsWith("private-encrypted-")) {
      throw new Error("Cannot authorize encrypted channels with JSONP: other pages could read their keys");
    }
    requests += 1;
    const id = String(requests);
    const script = document.createElement("script");
    const end = (settle: () => void): void => {
      delete callbacks[id];
      script.remove();
      settle();
    };
    callbacks[id] = (answer) => end(() => resolve(answer));
    script.addEventListener("error", () => end(() => reject(new Error(`Cannot load the script of ${endpoint}`))));
    const form = { socket_id: socketId, ...(channelName !== undefined && { channel_name: channelName }) };
    const fields = { callback: `Pusher.auth_callbacks['${id}']`, ...form, ...params, ...paramsProvider?.() };
    const query = Object.entries(fields).map((field) => field.map((part) => encodeURIComponent(part)).join("="));
    script.src = `${endpoint}?${query.join("&")}`;
    document.head.append(script);
  });
}

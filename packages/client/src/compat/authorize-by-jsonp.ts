import { traitsOf } from "@sealcast/protocol";
import type { EndpointOptions } from "../auth/auth-options.ts";
import type { AuthCallbacks } from "./auth-callbacks.ts";

let requests = 0;

/**
 * Asks an endpoint with a script element, for endpoints on another origin that support only JSONP. Not for encrypted
 * channels: pages of any origin could include the same script and read the keys.
 *
 * Rejects with an error if the script cannot be loaded, or the channel is encrypted.
 */
export async function authorizeByJsonp(
  callbacks: AuthCallbacks,
  defaultEndpoint: string,
  { endpoint = defaultEndpoint, params, paramsProvider }: EndpointOptions,
  { socketId, channelName }: { readonly socketId: string; readonly channelName?: string },
): Promise<unknown> {
  const added = await paramsProvider?.();
  return new Promise((resolve, reject) => {
    if (channelName !== undefined && traitsOf(channelName).encryption !== "none") {
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
    const fields = { callback: `Pusher.auth_callbacks['${id}']`, ...form, ...params, ...added };
    const query = Object.entries(fields).map((field) => field.map((part) => encodeURIComponent(part)).join("="));
    script.src = `${endpoint}?${query.join("&")}`;
    document.head.append(script);
  });
}

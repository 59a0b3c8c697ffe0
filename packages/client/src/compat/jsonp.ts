import type { EndpointOptions, Fields } from "../auth/auth-options.ts";
import { isEncrypted } from "../channels/create-channel.ts";

type Callback = (error: Error | null, answer: never) => void;

/** Number of a request → where its answer goes. Scripts find it as `Pusher.auth_callbacks`. */
export const authCallbacks: Record<string, (answer: never) => void> = {};

let requests = 0;

/**
 * Asks an endpoint by way of a script, for pages whose endpoint belongs to another origin and allows nothing else. Keys are
 * never asked for in this way: any page of any origin could include the same script and read them.
 */
export function askByScript(
  endpoint: string,
  { params, paramsProvider }: EndpointOptions,
  form: Readonly<Record<string, string>>,
  callback: Callback,
): void {
  if (isEncrypted(form["channel_name"] ?? "")) {
    return callback(new Error("JSONP cannot authorize encrypted channels: their keys would be open to other pages"), none);
  }
  requests += 1;
  const id = String(requests);
  const end = (error: Error | null, answer: never): void => {
    delete authCallbacks[id];
    script.remove();
    callback(error, answer);
  };
  authCallbacks[id] = (answer) => end(null, answer);
  const script = document.createElement("script");
  script.onerror = () => end(new Error(`The script of ${endpoint} cannot be loaded`), none);
  const fields: Fields = { callback: `Pusher.auth_callbacks['${id}']`, ...form, ...params, ...paramsProvider?.() };
  const query = Object.entries(fields).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  script.src = `${endpoint}?${query.join("&")}`;
  document.head.append(script);
}

const none = null as never;

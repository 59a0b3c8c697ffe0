import { webhookEventNames, type AppId, type WebhookEventName } from "@sealcast/protocol";
import { z } from "zod";

const urlForm = "an http or https URL without a user name, password or fragment";
const eventForm = `one of ${webhookEventNames.map((name) => `"${name}"`).join(", ")}`;
const headerForm = "an HTTP header name that webhooks do not use themselves";
const valueForm = "text of at most 1,000 printable ASCII characters";
const channelsForm = "an object with prefix or suffix";

/** Headers that the request itself needs, and those that say what it is. */
const ownHeaders = "content-type|content-length|host|connection|transfer-encoding|expect|upgrade|te|trailer|user-agent";
const headerName = new RegExp(`^(?!(?:${ownHeaders}|x-pusher-.*|x-sealcast-.*)$)[!#$%&'*+.^_\`|~0-9a-z-]{1,100}$`, "i");

/** One URL that receives an app's events: an entry of the app's `webhooks`. */
export const webhookTarget = z.strictObject(
  {
    url: z.url({ protocol: /^https?$/, error: urlForm }).regex(/^[^\s@#]{1,2000}$/, urlForm),
    events: z.array(z.literal(webhookEventNames, eventForm), "a non-empty list of events").min(1, "a non-empty list"),
    channels: z
      .strictObject({ prefix: z.string("text").default(""), suffix: z.string("text").default("") }, channelsForm)
      .default({ prefix: "", suffix: "" }),
    headers: z
      .record(
        z.string(headerForm).regex(headerName, headerForm),
        z.string(valueForm).regex(/^[\x20-\x7e]{0,1000}$/, valueForm),
      )
      .default({}),
    batch: z.boolean("true or false").default(false),
  },
  "an object with url and events",
);

/** A URL and the events that it receives. */
export type WebhookTarget = Readonly<z.infer<typeof webhookTarget>>;

/** Returns whether a target receives events of this kind on this channel. */
export function isWanted({ events, channels }: WebhookTarget, event: WebhookEventName, channel: string): boolean {
  return events.includes(event) && channel.startsWith(channels.prefix) && channel.endsWith(channels.suffix);
}

/** Names a target in a queue; no other target of any app has this id. Ids of apps hold no spaces. */
export function targetId(app: string, url: string): string {
  return `${app} ${url}`;
}

/** Names a target in the log: without the query of its URL, which may hold a secret. */
export function loggedTarget(id: string): string {
  return id.replace(/\?.*$/s, "");
}

/** Returns the app and the URL that an id of {@link targetId} was made of. */
export function targetOf(id: string): { readonly app: AppId; readonly url: string } {
  const end = id.indexOf(" ");
  return { app: id.slice(0, end) as AppId, url: id.slice(end + 1) };
}

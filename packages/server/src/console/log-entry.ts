import type { Activity, ActivityKind } from "../core/monitoring/activity.ts";
import type { EntryType, LogEntry } from "./contract.ts";

/** A log entry without what the log itself adds. */
export type EntryDraft = Omit<LogEntry, "id" | "node" | "timeMs"> & { readonly app: string | undefined };

/** Longest data that an entry carries, in UTF-16 code units. */
const maxDataLength = 16_384;

/** The types of entries that each kind of activity becomes; kinds that are missing do not appear in the log. */
const typesOfKind: Partial<Record<ActivityKind, EntryType | readonly EntryType[]>> = {
  "connection-opened": "connection",
  "connection-closed": "disconnection",
  "connection-refused": "error",
  subscribed: "subscribed",
  unsubscribed: "unsubscribed",
  occupied: "occupied",
  vacated: "vacated",
  "member-added": "presence-event",
  "member-removed": "presence-event",
  published: "api-message",
  "client-event": "client-event",
  "message-refused": "client-error",
  "decryption-failed": "decryption-error",
  "request-refused": "api-error",
  "connection-failed": "error",
  "request-failed": "error",
  "announcement-failed": "error",
  "operator-acted": "operator-action",
  "webhook-attempted": ["webhook-sent", "webhook-failed"],
};

/** The types of the entries of a kind of activity; none if it has no entries. */
export function entryTypesOf(kind: ActivityKind): readonly EntryType[] {
  return [typesOfKind[kind] ?? []].flat();
}

/** What follows an attempt to deliver a webhook. */
const nextStep = { delivered: undefined, retry: "tried again later", dead: "given up" } as const;

/** Describes an activity for people. An event to several channels has an entry for each. */
export function describeActivity(activity: Activity): EntryDraft[] {
  const [type] = entryTypesOf(activity.kind);
  if (type === undefined) return [];
  switch (activity.kind) {
    case "connection-opened": {
      const { app, socketId, origin, address, sdk, protocolVersion } = activity;
      const details = listed({ Origin: origin, Address: address, Library: sdk, Protocol: String(protocolVersion) });
      return [{ type, app, socketId, details }];
    }
    case "connection-closed": {
      const { app, socketId, channels, lifetimeMs, code, reason } = activity;
      const closed = code === undefined ? undefined : `${code} ${reason ?? ""}`;
      const lifetime = `${(lifetimeMs / 1_000).toFixed(3)} s`;
      return [
        { type, app, socketId, details: listed({ Channels: channels.join(", "), Lifetime: lifetime, Closed: closed }) },
      ];
    }
    case "connection-refused": {
      const { app, code, reason, key, origin, address } = activity;
      return [
        { type, app, details: listed({ Refused: `${code} ${reason}`, Key: key, Origin: origin, Address: address }) },
      ];
    }
    case "subscribed":
    case "unsubscribed": {
      const { app, socketId, channel, userId } = activity;
      return [{ type, app, socketId, channel, ...user(userId), details: listed({ Channel: channel, User: userId }) }];
    }
    case "occupied":
    case "vacated":
      return [{ type, app: activity.app, channel: activity.channel, details: listed({ Channel: activity.channel }) }];
    case "member-added":
    case "member-removed": {
      const { app, channel, userId } = activity;
      const event =
        activity.kind === "member-added" ? "pusher_internal:member_added" : "pusher_internal:member_removed";
      return [{ type, app, channel, event, userId, details: listed({ Channel: channel, Event: event, User: userId }) }];
    }
    case "published": {
      const { app, event, channels, data } = activity;
      return channels.map((channel) => {
        return { type, app, channel, event, ...dataOf(data), details: listed({ Channel: channel, Event: event }) };
      });
    }
    case "client-event": {
      const { app, socketId, channel, event, userId, data } = activity;
      const details = listed({ Channel: channel, Event: event });
      return [{ type, app, socketId, channel, event, ...user(userId), ...dataOf(data), details }];
    }
    case "message-refused": {
      const { app, socketId, channel, message } = activity;
      return [{ type, app, socketId, ...(channel === undefined ? {} : { channel }), details: message }];
    }
    case "decryption-failed": {
      const { app, socketId, channel, event, userId, reason } = activity;
      const details = listed({ Channel: channel, Event: event, "Reported reason": reason });
      return [{ type, app, socketId, channel, event, ...user(userId), details }];
    }
    case "request-refused": {
      const { app, method, path, status, message } = activity;
      // The console shows what it was refused where it asked, and what operators were refused as their action.
      if (path.startsWith("/console/")) return [];
      return [{ type, app, details: `${status} ${method} ${path}: ${message}` }];
    }
    case "webhook-attempted": {
      const { app, url, status, error, events, outcome } = activity;
      const end = listed({ Events: String(events), Next: nextStep[outcome] });
      if (outcome === "delivered")
        return [{ type, app, details: `POST to ${url} succeeded with status ${status}, ${end}` }];
      const failure = status === undefined ? `failed: ${error}` : `failed with status ${status}`;
      return [{ type: "webhook-failed", app, details: `POST to ${url} ${failure}, ${end}` }];
    }
    case "operator-acted": {
      const { app, operator, action, subject, outcome, status } = activity;
      // Signing in concerns no app, and its subject is an address, which operators of other apps must not see.
      if (app === undefined) return [];
      const refused = outcome === "refused" ? `status ${status}` : undefined;
      return [{ type, app, details: listed({ Operator: operator, Action: action, About: subject, Refused: refused }) }];
    }
    case "connection-failed":
    case "request-failed":
    case "announcement-failed": {
      const { app, socketId, where } = activity;
      return [{ type, app, ...(socketId === undefined ? {} : { socketId }), details: `The server failed: ${where}` }];
    }
    case "signed-in":
    case "cache-miss":
    case "subscription-count":
    case "delivered":
    case "request-answered":
    case "engine-ready":
    case "engine-unavailable":
    case "draining":
      return [];
  }
}

/** Named values in one line; values that are missing are left out. */
function listed(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
}

function user(userId: string | undefined): { userId?: string } {
  return userId === undefined ? {} : { userId };
}

function dataOf(data: string): Pick<LogEntry, "data" | "fullDataLength"> {
  return data.length <= maxDataLength ? { data } : { data: data.slice(0, maxDataLength), fullDataLength: data.length };
}

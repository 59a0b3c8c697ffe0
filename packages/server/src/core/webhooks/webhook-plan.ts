import { encodeWebhookEvent, limits, traitsOf, type WebhookEvent, type WebhookEventName } from "@sealcast/protocol";
import type { Activity } from "../monitoring/activity.ts";
import type { WebhookOffer } from "./webhook-offer.ts";
import { isWanted, targetId, type WebhookTarget } from "./webhook-target.ts";

/** How long a channel or a user may be gone before it is reported, in milliseconds. Source: Channels documentation. */
const graceMs = 3_000;
/** For how long one `cache_miss` stands for all subscribers of a channel, in milliseconds. Our choice. */
const cacheMissMs = 1_000;
const sampleMs = limits.subscriptionCountIntervalSeconds * 1_000;

/** The activities that an event takes to be reported rightly: a departure also needs the arrival that takes it back. */
export const activitiesBehind = {
  channel_occupied: ["occupied", "vacated"],
  channel_vacated: ["occupied", "vacated"],
  member_added: ["member-added", "member-removed"],
  member_removed: ["member-added", "member-removed"],
  client_event: ["client-event"],
  cache_miss: ["cache-miss"],
  subscription_count: ["subscription-count"],
} as const satisfies Record<WebhookEventName, readonly Activity["kind"][]>;

/** An activity that webhooks report. */
export type WebhookActivity = Extract<Activity, { readonly kind: (typeof activitiesBehind)[WebhookEventName][number] }>;

const reported: ReadonlySet<string> = new Set(Object.values(activitiesBehind).flat());

/** Returns whether webhooks report activities of this kind. */
export function isReported(activity: Activity): activity is WebhookActivity {
  return reported.has(activity.kind);
}

/**
 * Plans what an app's webhooks report of an activity. Returns undefined if none of them reports it.
 *
 * @param targets the webhooks of the activity's app.
 */
export function planWebhook(targets: readonly WebhookTarget[], activity: WebhookActivity): WebhookOffer | undefined {
  const { app, channel } = activity;
  const traits = traitsOf(channel);
  // Server-to-user channels are not reported, and presence channels have members in place of a count.
  if (traits.auth === "owner" || (!traits.subscriptionCount && activity.kind === "subscription-count"))
    return undefined;
  const plan = ruleFor(activity);
  const targetsOf = (name: WebhookEventName): readonly string[] =>
    targets.filter((target) => isWanted(target, name, channel)).map(({ url }) => targetId(app, url));
  const eventTargets = targetsOf(plan.event.name);
  const oppositeTargets = plan.opposite === undefined ? [] : targetsOf(plan.opposite.name);
  if (eventTargets.length === 0 && oppositeTargets.length === 0) return undefined;
  return {
    effect: plan.effect,
    subject: plan.subject === undefined ? undefined : [app, ...plan.subject].join(" "),
    channel,
    event: { text: encodeWebhookEvent(plan.event), targets: eventTargets },
    opposite:
      plan.opposite === undefined || plan.effect !== "appear"
        ? undefined
        : { text: encodeWebhookEvent(plan.opposite), targets: oppositeTargets },
    delayMs: plan.delayMs ?? 0,
    ...("order" in activity ? { order: activity.order } : {}),
  };
}

/** What the documentation says of one activity. */
interface Rule extends Pick<WebhookOffer, "effect"> {
  readonly event: WebhookEvent;
  /** The event that takes this one back. */
  readonly opposite?: WebhookEvent;
  /** Words that, with the app, name what the event is about. Only the last one may hold a space. */
  readonly subject?: readonly string[];
  readonly delayMs?: number;
}

function ruleFor(activity: WebhookActivity): Rule {
  const { channel } = activity;
  switch (activity.kind) {
    case "occupied":
    case "vacated": {
      const [occupied, vacated] = [
        { name: "channel_occupied", channel },
        { name: "channel_vacated", channel },
      ] as const;
      return presence(activity.kind === "occupied", occupied, vacated, ["channel", channel]);
    }
    case "member-added":
    case "member-removed": {
      const { userId } = activity;
      const [added, removed] = [
        { name: "member_added", channel, userId },
        { name: "member_removed", channel, userId },
      ] as const;
      return presence(activity.kind === "member-added", added, removed, ["member", channel, userId]);
    }
    case "client-event": {
      const { event, data, socketId, userId } = activity;
      return { event: { name: "client_event", channel, event, data, socketId, userId }, effect: "send" };
    }
    case "cache-miss":
      return {
        event: { name: "cache_miss", channel },
        effect: "once",
        subject: ["cache", channel],
        delayMs: cacheMissMs,
      };
    case "subscription-count": {
      const event = { name: "subscription_count", channel, count: activity.count } as const;
      const subject = ["count", channel];
      return activity.count <= limits.subscriptionCountEveryChangeUpTo
        ? { event, effect: "send", subject }
        : { event, effect: "sample", subject, delayMs: sampleMs };
    }
  }
}

function presence(isThere: boolean, arrival: WebhookEvent, departure: WebhookEvent, subject: readonly string[]): Rule {
  return isThere
    ? { event: arrival, opposite: departure, effect: "appear", subject }
    : { event: departure, opposite: arrival, effect: "disappear", subject, delayMs: graceMs };
}

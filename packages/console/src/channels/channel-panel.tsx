import { traitsOf } from "@sealcast/protocol";
import type { ChannelDetail } from "@sealcast/server/console";
import type { VNode } from "preact";
import { failureOf, valueOf } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { entryData } from "../log/entry-data.ts";
import { EventData } from "../log/event-data.tsx";
import { appPath } from "../shell/app-choice.ts";
import { Icon } from "../shell/icon.tsx";
import { numbered } from "../shell/number-text.ts";
import { Problem } from "../shell/problem.tsx";
import { linkTo } from "../shell/route.ts";
import { agoText } from "../shell/time-text.ts";

/** Who is subscribed to a channel, and what it keeps. */
export function ChannelPanel({ name, onClose }: { readonly name: string; readonly onClose: () => void }): VNode {
  const [answer] = useFetched<ChannelDetail>(appPath(`/channels/${encodeURIComponent(name)}`));
  const detail = valueOf(answer);
  return (
    <aside class="entry-panel" aria-label={`Channel ${name}`}>
      <header>
        <strong class="mono">{name}</strong>
        <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p>
        <a href={linkTo("log", { filter: `channel:"${name}"` })}>Watch its log</a>
      </p>
      <Problem text={failureOf(answer)} />
      {detail !== undefined && <Detail detail={detail} />}
    </aside>
  );
}

function Detail({ detail }: { readonly detail: ChannelDetail }): VNode {
  const { name, subscriptions, users, members, kept } = detail;
  return (
    <>
      <p>
        {numbered(subscriptions, "subscription", "subscriptions")}
        {traitsOf(name).members && ` of ${numbered(users, "user", "users")}`}
      </p>
      {members.length > 0 && (
        <>
          <h2>Members</h2>
          <ul class="names mono">
            {members.map((id) => (
              <li key={id}>{id}</li>
            ))}
          </ul>
        </>
      )}
      {kept.length > 0 && <h2>Kept events</h2>}
      {kept.map(({ event, data, timeMs }, index) => {
        const shown = entryData({ type: "api-message", channel: name, event, data });
        const title = (
          <>
            <span class="mono">{event}</span>
            {timeMs !== undefined && <span class="hint">{agoText(timeMs)}</span>}
          </>
        );
        return shown && <EventData key={index} title={title} data={shown} />;
      })}
    </>
  );
}

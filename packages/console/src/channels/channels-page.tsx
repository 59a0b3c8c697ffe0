import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ChannelDetail, ChannelRow, Rows } from "@sealcast/server/console";
import { traitsOf } from "@sealcast/protocol";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { Icon } from "../shell/icon.tsx";
import { countText } from "../shell/number-text.ts";
import { linkTo } from "../shell/route.ts";
import { entryData } from "../log/entry-data.ts";
import { isEncrypted } from "../unlock/is-encrypted.ts";

/** The occupied channels of the chosen app. */
export function ChannelsPage(): VNode {
  const [prefix, setPrefix] = useState("");
  const [selected, setSelected] = useState<string>();
  const [answer] = useFetched<Rows<ChannelRow>>(appPath(`/channels?${new URLSearchParams({ prefix })}`));
  return (
    <>
      <h1>Channels</h1>
      <div class="tools">
        <input
          type="search"
          class="filter mono"
          placeholder="Names that begin with…"
          aria-label="Filter channels by the beginning of their names"
          value={prefix}
          onInput={({ currentTarget }) => setPrefix(currentTarget.value)}
        />
      </div>
      {answer?.ok === false && <p class="problem">{answer.message}</p>}
      {answer?.ok === true && answer.value.rows.length === 0 && (
        <EmptyState title={prefix === "" ? "No channel is occupied" : "No occupied channel begins with this"}>
          A channel is occupied while at least one client is subscribed to it.{" "}
          <a href={linkTo("getting-started")}>Subscribe a client</a>
        </EmptyState>
      )}
      {answer?.ok === true && answer.value.total > answer.value.rows.length && (
        <p class="hint">
          The first {countText(answer.value.rows.length)} of {countText(answer.value.total)} channels. Type to find
          others.
        </p>
      )}
      {answer?.ok === true && answer.value.rows.length > 0 && (
        <div class="split">
          <div class="scroll-x" tabIndex={0} role="region" aria-label="Channels">
            <table>
              <thead>
                <tr>
                  <th scope="col">Channel</th>
                  <th scope="col" class="wide">
                    Kind
                  </th>
                  <th scope="col" class="number">
                    Subscriptions
                  </th>
                  <th scope="col" class="number">
                    Users
                  </th>
                </tr>
              </thead>
              <tbody>
                {answer.value.rows.map(({ name, subscriptions, users }) => (
                  <tr key={name} class={name === selected ? "selected" : ""}>
                    <td>
                      <button type="button" class="link mono" onClick={() => setSelected(name)}>
                        {isEncrypted(name) && <Icon name="lock" />} {name}
                      </button>
                    </td>
                    <td class="wide">{traitsOf(name).kind}</td>
                    <td class="number">{countText(subscriptions)}</td>
                    <td class="number">{traitsOf(name).members ? countText(users) : "–"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {selected !== undefined && <ChannelPanel name={selected} onClose={() => setSelected(undefined)} />}
        </div>
      )}
    </>
  );
}

function ChannelPanel({ name, onClose }: { name: string; onClose: () => void }): VNode {
  const [answer] = useFetched<ChannelDetail>(appPath(`/channels/${encodeURIComponent(name)}`));
  return (
    <aside class="entry-panel" aria-label={`Channel ${name}`}>
      <header>
        <strong class="mono">{name}</strong>
        <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p>
        <a href={linkTo("log", { filter: `channel:${name}` })}>Watch its log</a>
      </p>
      {answer?.ok === false && <p class="problem">{answer.message}</p>}
      {answer?.ok === true && (
        <>
          <p>
            {countText(answer.value.subscriptions)} subscriptions
            {traitsOf(name).members && ` of ${countText(answer.value.users)} users`}
          </p>
          {answer.value.members.length > 0 && (
            <>
              <h3>Members</h3>
              <ul class="names mono">
                {answer.value.members.map((id) => (
                  <li key={id}>{id}</li>
                ))}
              </ul>
            </>
          )}
          {answer.value.kept.length > 0 && <h3>Kept events</h3>}
          {answer.value.kept.map(({ event, data }, index) => {
            const shown = entryData({ type: "api-message", channel: name, event, data });
            return (
              <section key={index} class={`entry-data ${shown?.state ?? "plain"}`}>
                <h4 class="mono">{event}</h4>
                <pre tabIndex={0}>{shown?.text}</pre>
                {shown?.note !== undefined && <p class="hint">{shown.note}</p>}
              </section>
            );
          })}
        </>
      )}
    </aside>
  );
}

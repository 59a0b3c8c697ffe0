import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ChannelDetail, ChannelRow, Rows } from "@sealcast/server/console";
import { traitsOf } from "@sealcast/protocol";
import { failureOf } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { Icon } from "../shell/icon.tsx";
import { countText, numbered } from "../shell/number-text.ts";
import { Problem } from "../shell/problem.tsx";
import { linkTo } from "../shell/route.ts";
import { Table, type Column } from "../shell/table.tsx";
import { entryData } from "../log/entry-data.ts";
import { isEncrypted } from "../unlock/is-encrypted.ts";

/** The occupied channels of the chosen app. */
export function ChannelsPage(): VNode {
  const [prefix, setPrefix] = useState("");
  const [selected, setSelected] = useState<string>();
  const [answer] = useFetched<Rows<ChannelRow>>(appPath(`/channels?${new URLSearchParams({ prefix })}`));
  const columns: readonly Column<ChannelRow>[] = [
    {
      title: "Channel",
      cell: ({ name }) => (
        <button type="button" class="link mono" onClick={() => setSelected(name)}>
          {isEncrypted(name) && <Icon name="lock" />} {name}
        </button>
      ),
    },
    { title: "Kind", look: "wide nowrap", cell: ({ name }) => traitsOf(name).kind },
    { title: "Subscriptions", look: "number", cell: ({ subscriptions }) => countText(subscriptions) },
    {
      title: "Users",
      look: "number",
      cell: ({ name, users }) => (traitsOf(name).members ? countText(users) : undefined),
    },
  ];
  return (
    <>
      <h1>Channels</h1>
      <div class="tools">
        <input
          type="search"
          class="filter"
          placeholder="Names that begin with…"
          aria-label="Filter channels by the beginning of their names"
          value={prefix}
          onInput={({ currentTarget }) => setPrefix(currentTarget.value)}
        />
      </div>
      <Problem text={failureOf(answer)} />
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
          <Table
            label="Channels"
            columns={columns}
            rows={answer.value.rows}
            keyOf={({ name }) => name}
            isSelected={({ name }) => name === selected}
          />
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
        <a href={linkTo("log", { filter: `channel:"${name}"` })}>Watch its log</a>
      </p>
      <Problem text={failureOf(answer)} />
      {answer?.ok === true && (
        <>
          <p>
            {numbered(answer.value.subscriptions, "subscription", "subscriptions")}
            {traitsOf(name).members && ` of ${numbered(answer.value.users, "user", "users")}`}
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

import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ChannelRow, Rows } from "@sealcast/server/console";
import { traitsOf } from "@sealcast/protocol";
import { failureOf, valueOf } from "../api/request.ts";
import { useFetched } from "../api/use-fetched.ts";
import { appPath } from "../shell/app-choice.ts";
import { EmptyState } from "../shell/empty-state.tsx";
import { Icon } from "../shell/icon.tsx";
import { Excess } from "../shell/excess.tsx";
import { countText } from "../shell/number-text.ts";
import { Problem } from "../shell/problem.tsx";
import { linkTo } from "../shell/route.ts";
import { SearchField } from "../shell/search-field.tsx";
import { Table, type Column } from "../shell/table.tsx";
import { isEncrypted } from "../unlock/is-encrypted.ts";
import { ChannelPanel } from "./channel-panel.tsx";

/** The occupied channels of the chosen app. */
export function ChannelsPage(): VNode {
  const [prefix, setPrefix] = useState("");
  const [selected, setSelected] = useState<string>();
  const [answer] = useFetched<Rows<ChannelRow>>(appPath(`/channels?${new URLSearchParams({ prefix })}`));
  const list = valueOf(answer);
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
        <SearchField
          label="Filter channels by the beginning of their names"
          placeholder="Names that begin with…"
          value={prefix}
          onInput={setPrefix}
        />
      </div>
      <Problem text={failureOf(answer)} />
      {list?.rows.length === 0 && (
        <EmptyState title={prefix === "" ? "No channel is occupied" : "No occupied channel begins with this"}>
          A channel is occupied while at least one client is subscribed to it.{" "}
          <a href={linkTo("getting-started")}>Subscribe a client</a>
        </EmptyState>
      )}
      {list !== undefined && list.rows.length > 0 && (
        <>
          <Excess list={list} noun="channels" />
          <div class="split">
            <Table
              label="Channels"
              columns={columns}
              rows={list.rows}
              keyOf={({ name }) => name}
              isSelected={({ name }) => name === selected}
            />
            {selected !== undefined && <ChannelPanel name={selected} onClose={() => setSelected(undefined)} />}
          </div>
        </>
      )}
    </>
  );
}

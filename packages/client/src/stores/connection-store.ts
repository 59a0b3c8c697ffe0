import type { Client } from "../client.ts";
import type { ConnectionState } from "../connection/connection-state.ts";
import { listen } from "../listen.ts";
import { createStore, type Store } from "./store.ts";

/** Returns the state of a client's connection. */
export function connectionStore({ connection }: Pick<Client, "connection">): Store<ConnectionState> {
  return createStore(
    () => connection.state,
    (look, stop) => void listen(connection, "state_change", look, stop),
  );
}

import { listen, type ConnectionState } from "@sealcast/client";
import { useCallback, useSyncExternalStore } from "react";
import { useSealcast } from "./sealcast-provider.tsx";

/**
 * Returns the state of the connection; `initialized` while rendering on a server.
 *
 * @example
 * const isOffline = useConnectionState() !== "connected";
 */
export function useConnectionState(): ConnectionState {
  const { connection } = useSealcast();
  const subscribe = useCallback((changed: () => void) => listen(connection, "state_change", changed), [connection]);
  return useSyncExternalStore(
    subscribe,
    () => connection.state,
    () => "initialized",
  );
}

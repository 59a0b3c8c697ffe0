import type { ConnectionState } from "@sealcast/client";
import { connectionStore } from "@sealcast/client/stores";
import { useMemo } from "react";
import { useSealcast } from "./sealcast-provider.tsx";
import { useStore } from "./use-store.ts";

/**
 * Returns the state of the connection; `initialized` while rendering on a server.
 *
 * @example
 * const isOffline = useConnectionState() !== "connected";
 */
export function useConnectionState(): ConnectionState {
  const client = useSealcast();
  return useStore(
    useMemo(() => connectionStore(client), [client]),
    "initialized",
  );
}

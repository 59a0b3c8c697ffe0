import type { Store } from "@sealcast/client/stores";
import { useSyncExternalStore } from "react";

/** Returns the value of a store, and renders again after each change. @param onServer the value while rendering on a server. */
export function useStore<Value>({ subscribe, read }: Store<Value>, onServer: Value): Value {
  return useSyncExternalStore(subscribe, read, () => onServer);
}

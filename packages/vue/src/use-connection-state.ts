import type { ConnectionState } from "@sealcast/client";
import { connectionStore } from "@sealcast/client/stores";
import type { ShallowRef } from "vue";
import { followStore } from "./follow-store.ts";
import { useSealcast } from "./provide-sealcast.ts";

/** Returns a ref of the state of the connection. */
export function useConnectionState(): Readonly<ShallowRef<ConnectionState>> {
  const client = useSealcast();
  return followStore(() => connectionStore(client));
}

import { userStore, type UserState } from "@sealcast/client/stores";
import type { ShallowRef } from "vue";
import { followStore } from "./follow-store.ts";
import { useSealcast } from "./provide-sealcast.ts";

/** Returns a ref of the user, after `client.signin()`. */
export function useUser(): Readonly<ShallowRef<UserState>> {
  const client = useSealcast();
  return followStore(() => userStore(client));
}

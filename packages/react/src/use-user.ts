import { userStore, type UserState } from "@sealcast/client/stores";
import { useMemo } from "react";
import { useSealcast } from "./sealcast-provider.tsx";
import { useStore } from "./use-store.ts";

const nobody: UserState = { user: null, error: undefined };

/**
 * Returns the signed-in user and the error of the latest sign-in. `user` is null if nobody is signed in, and while
 * rendering on a server.
 *
 * @example
 * const { user, error } = useUser();
 */
export function useUser(): UserState {
  const client = useSealcast();
  return useStore(
    useMemo(() => userStore(client), [client]),
    nobody,
  );
}

import { userStringToSign, type ClientMessage, type UserData, type WatchlistChange } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../../core/awaitable.ts";
import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import { decideSignIn, decideWatchlist } from "../../core/connections/sign-in.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Observer } from "../../ports/observer.ts";
import type { UserDirectory } from "../../ports/user-directory.ts";
import type { AuthVerifier } from "../auth-verifier.ts";
import type { Client } from "../client.ts";
import type { Hub } from "../hub.ts";
import { untilAvailable } from "../until-available.ts";
import type { Watchlists } from "../watchlists.ts";

/** Handles `pusher:signin`. */
export function createSignIn(
  directory: UserDirectory,
  hub: Hub,
  watchlists: Watchlists,
  authProblem: AuthVerifier,
  observer: Observer,
  clock: Pick<Clock, "after" | "monotonicNow">,
): (client: Client, message: Extract<ClientMessage, { kind: "signin" }>) => Awaitable<void> {
  /** Runs at the sign-in's place in the order of messages. Returns false if the connection has ended. */
  function enter(client: Client, user: UserData, userData: string): boolean {
    if (!client.isOpen) return false;
    const overQuota = client.authorized();
    if (overQuota !== undefined) {
      client.close(overQuota);
      return false;
    }
    watchlists.unwatch(client, client.watchlist);
    client.signedIn(user);
    hub.addUser(client, user.id);
    client.send({ kind: "signin-success", userData });
    if (observer.wants("signed-in")) {
      observer.observe({ kind: "signed-in", app: client.app.id, socketId: client.socketId, userId: user.id });
    }
    return true;
  }

  function watch(client: Client, wanted: readonly string[]): Awaitable<void> {
    const { watched, problem } = decideWatchlist(wanted);
    if (problem !== undefined) client.refuse(problem);
    client.watches(watched);
    watchlists.watch(client, watched);
    if (watched.length === 0) return undefined;
    const answer = (online: ReadonlySet<string>): void => {
      const changes: WatchlistChange[] = [
        { name: "offline", userIds: watched.filter((id) => !online.has(id)) },
        { name: "online", userIds: watched.filter((id) => online.has(id)) },
      ];
      client.send({ kind: "watchlist-events", events: changes.filter(({ userIds }) => userIds.length > 0) });
    };
    const answered = untilAvailable(client, clock, () => watchlists.ask(client, watched, answer));
    return andThen(answered, (result) => {
      if (result === "unavailable") client.refuse(engineUnavailable);
    });
  }

  return (client, { auth, userData }) => {
    const { app, socketId } = client;
    const decision = decideSignIn({
      authProblem: authProblem(app.id, auth, userStringToSign(socketId, userData)),
      userData,
      user: client.user,
    });
    if (!decision.ok) return client.refuse(decision.error);
    const user = decision.value;
    const outcome = untilAvailable(client, clock, () =>
      directory.signIn(app.id, user.id, socketId, () => enter(client, user, userData)),
    );
    return andThen(outcome, (result) => {
      if (result === "unavailable") return client.refuse(engineUnavailable);
      // A message to all nodes may have closed the connection since.
      return result === "entered" && client.isOpen && app.watchlistEvents ? watch(client, user.watchlist) : undefined;
    });
  };
}

/** Creates the function that releases a client's user when its connection ends. */
export function createSignOut(
  directory: UserDirectory,
  hub: Hub,
  watchlists: Watchlists,
): (client: Client) => Awaitable<void> {
  return (client) => {
    const { app, socketId, user, watchlist } = client;
    if (user === undefined) return undefined;
    watchlists.unwatch(client, watchlist);
    hub.removeUser(client, user.id);
    return directory.signOut(app.id, user.id, socketId);
  };
}

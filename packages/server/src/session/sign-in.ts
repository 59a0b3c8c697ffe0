import {
  limits,
  parseUserData,
  quote,
  userStringToSign,
  type ClientMessage,
  type UserData,
  type WatchlistChange,
} from "@sealcast/protocol";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { engineUnavailable } from "../core/engine-unavailable.ts";
import type { Session } from "./session.ts";
import { authProblem } from "./verify-auth.ts";

/** Handles `pusher:signin`. */
export function signIn(
  session: Session,
  { auth, userData }: Extract<ClientMessage, { kind: "signin" }>,
): Awaitable<void> {
  const { app, services, socketId } = session;
  const problem = authProblem(session, auth, userStringToSign(socketId, userData));
  if (problem !== undefined) return session.refuse(problem);
  const parsed = parseUserData(userData);
  if (!parsed.ok) return session.refuse(parsed.error);
  const user = parsed.value;
  if (session.user !== undefined && session.user.id !== user.id) {
    return session.refuse({
      id: "otherUserSignedIn",
      message: `Cannot sign in as ${quote(user.id)}: the connection is signed in as ${quote(session.user.id)}`,
    });
  }
  const outcome = services.engine.signIn(app.id, user.id, socketId, () => {
    if (!session.isOpen) return false;
    session.authorize();
    if (!session.isOpen) return false;
    services.hub.unwatch(session, session.watchlist);
    session.user = user;
    services.hub.addUser(session, user.id);
    session.send({ kind: "signin-success", userData });
    const { observer } = services;
    if (observer.wants("signed-in")) observer.observe({ kind: "signed-in", app: app.id, socketId, userId: user.id });
    return true;
  });
  return andThen(outcome, (result) => {
    if (result === "unavailable") return session.refuse(engineUnavailable);
    // A message to all nodes may have closed the connection since.
    if (result === "left" || !session.isOpen || !app.watchlistEvents) return undefined;
    return watch(session, user.watchlist);
  });
}

/** Gives up a connection's user; called when the connection ends. */
export function signOut(session: Session, user: UserData): Awaitable<void> {
  const { app, services, socketId } = session;
  services.hub.unwatch(session, session.watchlist);
  services.hub.removeUser(session, user.id);
  return services.engine.signOut(app.id, user.id, socketId);
}

function watch(session: Session, wanted: readonly string[]): Awaitable<void> {
  const { app, services } = session;
  const watchlist = [...new Set(wanted.slice(0, limits.watchlistLength))];
  if (wanted.length > limits.watchlistLength) {
    session.refuse({
      id: "watchlistTooLong",
      message: `The watchlist has ${wanted.length} users; the first ${limits.watchlistLength} are watched`,
    });
  }
  session.watchlist = watchlist;
  services.hub.watch(session, watchlist);
  if (watchlist.length === 0) return undefined;
  const outcome = services.engine.online(app.id, watchlist, (online) => {
    const changes: WatchlistChange[] = [
      { name: "offline", userIds: watchlist.filter((id) => !online.has(id)) },
      { name: "online", userIds: watchlist.filter((id) => online.has(id)) },
    ];
    session.send({ kind: "watchlist-events", events: changes.filter(({ userIds }) => userIds.length > 0) });
  });
  return andThen(outcome, (result) => {
    if (result === "unavailable") session.refuse(engineUnavailable);
  });
}

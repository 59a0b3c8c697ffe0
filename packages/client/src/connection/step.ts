import { fieldsOf, textOf } from "../untrusted.ts";
import { reconnectDelayMs } from "./backoff.ts";
import { closeAction, type CloseAction } from "./close-action.ts";
import type { ConnectionState, Effect, Facts, Failure, Input, Phase, State } from "./connection-state.ts";
import type { ServerMessage } from "./message.ts";

/** A new state, and what to do. */
export type Step = readonly [State, readonly Effect[]];

type Trying = Phase & { readonly at: "trying" };
type Online = Phase & { readonly at: "online" };
type Ended = Failure & { readonly socket: number };

/** Timeout of the first round of attempts, doubled from round to round, and the longest timeout, in milliseconds. */
const firstRoundMs = 15_000;
const longestRoundMs = 60_000;
/** A connection that lasted this long does not count as a failure, in milliseconds. */
const lastingMs = 10_000;
/** How long a server may take to answer after a wake-up or a change of network, in milliseconds. */
const wakeTimeoutMs = 5_000;
/** Shortest silence before a ping, whatever the server asks for, in milliseconds. */
const shortestSilenceMs = 1_000;
/** Means "closed without a close frame", as in the WebSocket API. */
const noCloseFrame = 1006;

/** The state before the first `connect`. */
export function initialState(tls: boolean): State {
  return { shown: "initialized", phase: { at: "idle" }, tls, failures: 0, lastSocket: 0 };
}

/** The whole behavior of a connection, without clock, randomness and network. */
export function step(state: State, input: Input, facts: Facts): Step {
  return react(state, input, facts) ?? [state, []];
}

/** Returns what an input leads to; undefined if it has no meaning in this phase. */
function react(state: State, input: Input, facts: Facts): Step | undefined {
  const { phase, shown } = state;
  switch (input.on) {
    case "disconnect":
      return goIdle(state, "disconnected");
    case "connect":
      return phase.at === "idle" ? restart(state, facts) : undefined;
    case "restart":
      return restart(state, facts);
    case "unavailable":
      return shown === "connecting" ? [{ ...state, shown: "unavailable" }, []] : undefined;
    case "back":
    case "lost":
      if (phase.at === "online") return probe(state, phase, wakeTimeoutMs, facts);
      return phase.at === "idle" || input.on === "lost" ? undefined : restart(state, facts);
    case "alarm":
      if (phase.at === "waiting") return startRound(state, facts);
      if (phase.at === "trying") return nextTurn(state, phase, [], facts);
      return phase.at === "online" ? checkSilence(state, phase, facts) : undefined;
    case "message":
      if (phase.at === "online" && phase.socket === input.socket) return [state, receive(input.message)];
      return phase.at === "trying" && phase.open.includes(input.socket)
        ? handshake(state, phase, input.socket, input.message, facts)
        : undefined;
    case "closed":
      if (phase.at === "online" && phase.socket === input.socket) return ended(state, input, [], facts);
      return phase.at === "trying" && phase.open.includes(input.socket)
        ? attemptFailed(state, phase, input, [], facts)
        : undefined;
  }
}

/** Drops sockets and timers, and starts to connect. */
function restart(state: State, facts: Facts): Step {
  // The state is `connecting` again, even if it was `unavailable`.
  return startRound({ ...state, shown: "initialized", failures: 0 }, facts);
}

/** Starts a round of attempts: one transport after the other, until one connects. */
function startRound(state: State, facts: Facts): Step {
  const { plan, unavailableTimeout } = facts.settings;
  const rest = plan(state.tls);
  if (!rest.length) return goIdle(state, "failed");
  const [connecting, effects] = showConnecting(state, unavailableTimeout);
  return nextTurn(connecting, { at: "trying", open: [], rest }, [{ do: "clear" }, ...effects], facts);
}

/** Shows `connecting` from the moment at which there is no connection. `unavailable` stays shown until connected. */
function showConnecting(state: State, unavailableMs: number): readonly [State, readonly Effect[]] {
  return state.shown === "unavailable" || state.shown === "connecting"
    ? [state, []]
    : [{ ...state, shown: "connecting" }, [{ do: "unavailable", ms: unavailableMs }]];
}

/** Tries the next transport beside those under way. The round ends when all of them have failed or run out of time. */
function nextTurn(
  state: State,
  { open, rest: [turn, ...rest], failed }: Trying,
  before: readonly Effect[],
  facts: Facts,
): Step {
  if (!turn) return unreachable(state, failed, before, facts);
  const socket = state.lastSocket + 1;
  const phase: Trying = { at: "trying", open: [...open, socket], rest, failed };
  const nextMs = rest[0]?.afterMs ?? Math.min(firstRoundMs * 2 ** state.failures, longestRoundMs);
  return [
    { ...state, phase, lastSocket: socket },
    [...before, { do: "open", socket, transport: turn.name }, alarm(nextMs - turn.afterMs)],
  ];
}

/** One of the attempts failed. A code from 4000 is the server's own answer and ends the round. */
function attemptFailed(state: State, phase: Trying, closed: Ended, before: readonly Effect[], facts: Facts): Step {
  if (closed.code >= 4000) return ended(state, closed, before, facts);
  const { socket: failed, ...failure } = closed;
  const open = phase.open.filter((socket) => socket !== failed);
  const trying: Trying = { ...phase, open, failed: phase.failed ?? failure };
  return phase.rest.length || !open.length
    ? nextTurn(state, trying, before, facts)
    : [{ ...state, phase: trying }, before];
}

/** The first message on a socket must say that the connection is established, or why it is not. */
function handshake(state: State, phase: Trying, socket: number, { event, data }: ServerMessage, facts: Facts): Step {
  const { socket_id: socketId, activity_timeout, code, message } = fieldsOf(data);
  if (event === "pusher:connection_established" && typeof socketId === "string") {
    // A server that names no timeout leaves it to the client.
    const allowed = Math.min(facts.settings.activityTimeout, Number(textOf(activity_timeout)) * 1_000 || Infinity);
    const activityTimeout = Math.max(allowed, shortestSilenceMs);
    return [
      {
        ...state,
        shown: "connected",
        phase: { at: "online", socket, socketId, since: facts.now, activityTimeout },
      },
      [{ do: "clear", keep: socket }, alarm(activityTimeout)],
    ];
  }
  const close: Effect = { do: "close", socket };
  const invalid = emit("error", { type: "HandshakeError", error: "Invalid handshake" });
  return event === "pusher:error"
    ? attemptFailed(
        state,
        phase,
        { socket, code: Number(textOf(code ?? 4100)), reason: textOf(message) },
        [close],
        facts,
      )
    : attemptFailed(
        state,
        phase,
        { socket, code: noCloseFrame, reason: "The server does not speak the Channels protocol" },
        [close, invalid],
        facts,
      );
}

function receive(message: ServerMessage): readonly Effect[] {
  const deliver: Effect = { do: "deliver", message };
  if (message.event === "pusher:error") return [emit("error", { type: "PusherError", data: message.data }), deliver];
  return message.event === "pusher:ping" ? [{ do: "pong" }, deliver] : [deliver];
}

/** Sends a ping after a long silence, and reconnects if there is no answer. */
function checkSilence(state: State, phase: Online, facts: Facts): Step {
  const { probedAt, ...rest } = phase;
  if (probedAt !== undefined && facts.heardAt < probedAt) return pause(state, "at-once", [], facts);
  const ms = phase.activityTimeout - (facts.now - facts.heardAt);
  return ms > 0 ? [{ ...state, phase: rest }, [alarm(ms)]] : probe(state, phase, facts.settings.pongTimeout, facts);
}

/** Sends a ping and expects an answer in time. */
function probe(state: State, phase: Online, timeoutMs: number, facts: Facts): Step {
  return [{ ...state, phase: { ...phase, probedAt: facts.now } }, [{ do: "ping" }, alarm(timeoutMs)]];
}

/** The server or the network has ended a connection, or the attempt to make one. */
function ended(state: State, closed: Ended, before: readonly Effect[], facts: Facts): Step {
  const { socket: _, ...failure } = closed;
  const { code } = failure;
  const action = closeAction(code);
  // Two shapes for one error: code for pusher-js looks for either.
  const isError = state.phase.at === "online" && code !== 1000 && code !== 1001;
  const as = [
    ...(isError ? (["PusherError"] as const) : []),
    ...(action === "reconnect" ? [] : (["WebSocketError"] as const)),
  ];
  return pause(state, action, [...before, ...(as.length ? [{ do: "fail", failure, as } as const] : [])], facts);
}

/** All transports of a round have failed. */
function unreachable(state: State, failed: Failure | undefined, before: readonly Effect[], facts: Facts): Step {
  const failure = failed ?? { code: noCloseFrame, reason: "No answer in time" };
  return pause(state, "reconnect", [...before, { do: "fail", failure, as: ["WebSocketError"] }], facts);
}

/** Schedules the next round after a delay that depends on `action`. */
function pause(state: State, action: CloseAction, before: readonly Effect[], facts: Facts): Step {
  const { phase, tls } = state;
  if (action === "give-up") return goIdle(state, "disconnected", before);
  const failures = phase.at === "online" && facts.now - phase.since >= lastingMs ? 0 : state.failures;
  const useTls = action === "use-tls" && !tls;
  const ms = useTls || (action === "at-once" && !failures) ? 0 : reconnectDelayMs(failures, facts.jitter);
  const [connecting, shows] = showConnecting(state, facts.settings.unavailableTimeout);
  const effects: Effect[] = [...before, { do: "clear" }, ...shows, alarm(ms)];
  if (ms) effects.push(emit("connecting_in", Math.round(ms / 1_000)));
  return [{ ...connecting, phase: { at: "waiting" }, failures: failures + 1, tls: tls || useTls }, effects];
}

function goIdle(state: State, shown: ConnectionState, before: readonly Effect[] = []): Step {
  return [{ ...state, shown, phase: { at: "idle" } }, [...before, { do: "clear" }]];
}

function alarm(ms: number): Effect {
  return { do: "alarm", ms };
}

function emit(event: "error" | "connecting_in", data: unknown): Effect {
  return { do: "emit", event, data };
}

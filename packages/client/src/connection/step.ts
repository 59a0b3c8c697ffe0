import { fieldsOf, textOf } from "../fields-of.ts";
import { reconnectDelayMs } from "./backoff.ts";
import { closeAction, type CloseAction } from "./close-action.ts";
import type { Closed, ConnectionState, Effect, Facts, Input, Phase, State } from "./connection-state.ts";
import type { ServerMessage } from "./message.ts";

/** A new state, and what to do about it. */
export type Step = readonly [State, readonly Effect[]];

type Trying = Phase & { readonly at: "trying" };
type Online = Phase & { readonly at: "online" };
type Ended = Omit<Closed, "on">;

/** Time-out of the first round of attempts, doubled from round to round, and the longest, in milliseconds. */
const firstRoundMs = 15_000;
const longestRoundMs = 60_000;
/** A connection that lived for this many milliseconds was no failure. */
const lastingMs = 10_000;
/** In how many milliseconds a server that is still there answers after a wake-up or a change of network. */
const wakeTimeoutMs = 5_000;
/** However short a silence the server allows, pings are not sent more often than this, in milliseconds. */
const shortestSilenceMs = 1_000;
/** Stands for "closed without a word", as in the WebSocket API. */
const noCloseFrame = 1006;

/** The state before the first `connect`. */
export function initialState(tls: boolean): State {
  return { shown: "initialized", phase: { at: "idle" }, tls, failures: 0, lastSocket: 0 };
}

/** The whole behavior of a connection, without clock, chance and network. */
export function step(state: State, input: Input, facts: Facts): Step {
  return react(state, input, facts) ?? [state, []];
}

/** What an input leads to; undefined where it means nothing at this point. */
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

/** Drops whatever there is and begins anew. */
function restart(state: State, facts: Facts): Step {
  // Whatever was shown, from now on it is `connecting` again.
  return startRound({ ...state, shown: "initialized", failures: 0 }, facts);
}

/** Begins a round of attempts: one transport after the other, until one connects. */
function startRound(state: State, facts: Facts): Step {
  const { plan, unavailableTimeout } = facts.settings;
  const rest = plan(state.tls);
  if (!rest.length) return goIdle(state, "failed");
  const effects: Effect[] = [{ do: "clear" }];
  // What is unavailable stays so, however often it is tried.
  const shown = state.shown === "unavailable" ? state.shown : "connecting";
  if (shown !== state.shown) effects.push({ do: "unavailable", ms: unavailableTimeout });
  return nextTurn({ ...state, shown }, { at: "trying", open: [], rest }, effects, facts);
}

/** Tries the next transport beside those under way; when all had their turn and their time, the round is over. */
function nextTurn(
  state: State,
  { open, rest: [turn, ...rest] }: Trying,
  before: readonly Effect[],
  facts: Facts,
): Step {
  if (!turn) return pause(state, "reconnect", before, facts);
  const socket = state.lastSocket + 1;
  const phase: Trying = { at: "trying", open: [...open, socket], rest };
  const nextMs = rest[0]?.afterMs ?? Math.min(firstRoundMs * 2 ** state.failures, longestRoundMs);
  return [
    { ...state, phase, lastSocket: socket },
    [...before, { do: "open", socket, transport: turn.name }, alarm(nextMs - turn.afterMs)],
  ];
}

/** One of the attempts failed. A code of 4000 or more is the server's own answer and ends the round. */
function attemptFailed(state: State, phase: Trying, closed: Ended, before: readonly Effect[], facts: Facts): Step {
  if (closed.code >= 4000) return ended(state, closed, before, facts);
  const open = phase.open.filter((socket) => socket !== closed.socket);
  return phase.rest.length || !open.length
    ? nextTurn(state, { ...phase, open }, before, facts)
    : [{ ...state, phase: { ...phase, open } }, before];
}

/** The first message on a socket must say that the connection is established, or why it is not. */
function handshake(state: State, phase: Trying, socket: number, { event, data }: ServerMessage, facts: Facts): Step {
  const { socket_id: socketId, activity_timeout, code, message } = fieldsOf(data);
  if (event === "pusher:connection_established" && typeof socketId === "string") {
    // A server that names no time-out leaves it to the client.
    const wanted = Math.min(facts.settings.activityTimeout, Number(textOf(activity_timeout)) * 1_000 || Infinity);
    const activityTimeout = Math.max(wanted, shortestSilenceMs);
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
    : attemptFailed(state, phase, { socket, code: noCloseFrame, reason: "" }, [close, invalid], facts);
}

function receive(message: ServerMessage): readonly Effect[] {
  const deliver: Effect = { do: "deliver", message };
  if (message.event === "pusher:error") return [emit("error", { type: "PusherError", data: message.data }), deliver];
  return message.event === "pusher:ping" ? [{ do: "pong" }, deliver] : [deliver];
}

/** Sends a ping after a long silence, and gives up a server that is silent even then. */
function checkSilence(state: State, phase: Online, facts: Facts): Step {
  const { probedAt, ...rest } = phase;
  if (probedAt !== undefined && facts.heardAt < probedAt) return pause(state, "at-once", [], facts);
  const ms = phase.activityTimeout - (facts.now - facts.heardAt);
  return ms > 0 ? [{ ...state, phase: rest }, [alarm(ms)]] : probe(state, phase, facts.settings.pongTimeout, facts);
}

/** Asks the server for a sign of life. */
function probe(state: State, phase: Online, timeoutMs: number, facts: Facts): Step {
  return [{ ...state, phase: { ...phase, probedAt: facts.now } }, [{ do: "ping" }, alarm(timeoutMs)]];
}

/** The server or the network has ended a connection, or the attempt to make one. */
function ended(state: State, { code, reason }: Ended, before: readonly Effect[], facts: Facts): Step {
  const action = closeAction(code);
  const error = { type: "PusherError", data: { code, message: reason || undefined } };
  const effects = [...before];
  // Two shapes for one error: code written for pusher-js looks for either.
  if (state.phase.at === "online" && code !== 1000 && code !== 1001) effects.push(emit("error", error));
  if (action !== "reconnect") effects.push(emit("error", { type: "WebSocketError", error }));
  return pause(state, action, effects, facts);
}

/** Waits until the next round, for as long as the reason for the pause asks for. */
function pause(state: State, action: CloseAction, before: readonly Effect[], facts: Facts): Step {
  const { phase, tls } = state;
  if (action === "give-up") return goIdle(state, "disconnected", before);
  const failures = phase.at === "online" && facts.now - phase.since >= lastingMs ? 0 : state.failures;
  const useTls = action === "use-tls" && !tls;
  const ms = useTls || (action === "at-once" && !failures) ? 0 : reconnectDelayMs(failures, facts.jitter);
  const effects: Effect[] = [...before, { do: "clear" }, alarm(ms)];
  if (ms) effects.push(emit("connecting_in", Math.round(ms / 1_000)));
  return [{ ...state, phase: { at: "waiting" }, failures: failures + 1, tls: tls || useTls }, effects];
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

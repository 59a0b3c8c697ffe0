import { Emitter } from "../emitter.ts";
import { SealcastError } from "../sealcast-error.ts";
import { fieldsOf, textOf } from "../untrusted.ts";
import type { ConnectionSettings, ConnectionState, Effect, Input, State } from "./connection-state.ts";
import { readMessage, type ServerMessage } from "./message.ts";
import { watchNetwork } from "./network-watch.ts";
import type { Socket, SocketListener } from "./socket.ts";
import { initialState, step } from "./step.ts";
import type { TransportName } from "./transport-plan.ts";

/** Browsers hide the reason from scripts. */
const unknownReason = "no reason is known; check host, port and TLS, and in a browser its network log";

/** Events of a connection. Every {@link ConnectionState} is also an event. */
export interface ConnectionEvents {
  readonly initialized: undefined;
  readonly connecting: undefined;
  readonly connected: { readonly socket_id: string };
  readonly unavailable: undefined;
  readonly failed: undefined;
  readonly disconnected: undefined;
  readonly state_change: { readonly previous: ConnectionState; readonly current: ConnectionState };
  /** Whole seconds until the next attempt. */
  readonly connecting_in: number;
  /** Something went wrong. The same failure to connect is announced once until there is a connection. */
  readonly error: ConnectionError;
  /** Every message of the server. */
  readonly message: ServerMessage;
}

/** What went wrong on a connection. The shapes are those of `pusher-js`. `cause`: why there is no connection. */
export type ConnectionError =
  | {
      readonly type: "PusherError";
      readonly data: { readonly code: number | null; readonly message?: string };
      readonly cause?: SealcastError;
    }
  | { readonly type: "WebSocketError"; readonly error: unknown; readonly cause?: SealcastError }
  | { readonly type: "HandshakeError"; readonly error: unknown; readonly cause?: undefined }
  | {
      readonly type: "MessageParseError";
      readonly error: string;
      readonly data: unknown;
      readonly cause?: undefined;
    };

/** Receives every event of the connection before its listeners do, and as `sent` every message that is sent. */
export type ConnectionHook = (event: string, data: unknown) => void;

/** What a connection needs from outside. */
export interface ConnectionPorts {
  readonly settings: ConnectionSettings;
  /** Opens a socket. Rejects if the runtime refuses to try. */
  readonly open: (transport: TransportName, tls: boolean, listener: SocketListener) => Promise<Socket>;
  /** Returns the address of the server for error messages. */
  readonly address: (tls: boolean) => string;
  readonly hook: ConnectionHook;
}

/** Effects that call listeners. */
type Announcement = Effect & { readonly do: "emit" | "deliver" | "fail" };

const noMessage: ServerMessage = { event: "" };

/** The connection to the server: runs what {@link step} decides. */
export class Connection<Events extends object = ConnectionEvents> extends Emitter<Events> {
  /** Id that the server gave to the latest connection; undefined before the first. */
  socket_id: string | undefined;
  /**
   * Why there is no connection: the latest failure since there was one. Its code is `unreachable`, with the error of the
   * platform as `cause`, or `rejected`, with the close code of the server as `status`.
   */
  failure: SealcastError | undefined;
  private readonly ports: ConnectionPorts;
  /** Open and opening sockets; undefined until the runtime has created one. */
  private readonly sockets = new Map<number, Socket | undefined>();
  private readonly timers: Partial<Record<"alarm" | "unavailable", ReturnType<typeof setTimeout>>> = {};
  private current: State;
  /** The state that listeners know. */
  private announced: ConnectionState = "initialized";
  private receivedAt = 0;
  private stopWatching: (() => void) | undefined;

  /** @param tls whether the first attempt uses TLS. */
  constructor(tls: boolean, ports: ConnectionPorts) {
    super();
    this.current = initialState(tls);
    this.ports = ports;
  }

  get state(): ConnectionState {
    return this.current.shown;
  }

  /** Connects. Does nothing if that is done or under way. */
  connect(): void {
    this.handle({ on: "connect" });
  }

  /** Closes the connection and stays disconnected until `connect`. */
  disconnect(): void {
    this.handle({ on: "disconnect" });
  }

  /** Connects again, because address or key has changed. */
  restart(): void {
    this.handle({ on: "restart" });
  }

  isUsingTLS(): boolean {
    return this.current.tls;
  }

  override emit(event: string, data?: unknown): this {
    this.ports.hook(event, data);
    return super.emit(event, data);
  }

  /** Sends a message of any kind. Returns whether there was a connection to send it on. */
  send_event(event: string, data: unknown, channel?: string): boolean {
    if (this.socket) this.ports.hook("sent", { event, channel });
    return this.send(JSON.stringify({ event, data, channel }));
  }

  /** Sends a text unchanged. Returns whether there was a connection to send it on. */
  send(text: string): boolean {
    const { socket } = this;
    socket?.send(text);
    return socket !== undefined;
  }

  private handle(input: Input): void {
    const [state, effects] = step(this.current, input, {
      settings: this.ports.settings,
      now: performance.now(),
      heardAt: this.receivedAt,
      jitter: Math.random(),
    });
    this.current = state;
    if (state.phase.at === "idle") {
      this.stopWatching?.();
      this.stopWatching = undefined;
    } else this.stopWatching ??= watchNetwork((on) => this.handle({ on }));

    // Listeners are called last: they may connect, disconnect or throw.
    const announcements: Announcement[] = [];
    for (const effect of effects) {
      if (effect.do === "emit" || effect.do === "deliver" || effect.do === "fail") announcements.push(effect);
      else this.run(effect);
    }
    this.announceAll(announcements);
  }

  /** Makes all announcements, even if a listener throws. */
  private announceAll([first, ...rest]: readonly Announcement[]): void {
    if (!first) return this.showState();
    try {
      if (first.do === "emit") this.emit(first.event, first.data);
      else if (first.do === "fail") this.fail(first);
      else this.emit("message", first.message);
    } finally {
      this.announceAll(rest);
    }
  }

  private run(effect: Exclude<Effect, Announcement>): void {
    switch (effect.do) {
      case "open":
        return this.open(effect.socket, effect.transport);
      case "close":
        return this.close(effect.socket);
      case "clear":
        for (const socket of this.sockets.keys()) if (socket !== effect.keep) this.close(socket);
        clearTimeout(this.timers.alarm);
        if (this.state !== "connecting") clearTimeout(this.timers.unavailable);
        return;
      case "alarm":
      case "unavailable":
        clearTimeout(this.timers[effect.do]);
        this.timers[effect.do] = setTimeout(() => this.handle({ on: effect.do }), effect.ms);
        return;
      case "ping":
      case "pong": {
        const ping = effect.do === "ping" && this.socket?.ping;
        if (ping) ping();
        else this.send_event(`pusher:${effect.do}`, {});
      }
    }
  }

  private open(number: number, transport: TransportName): void {
    const received = (): void => {
      this.receivedAt = performance.now();
    };
    const listener: SocketListener = {
      message: (data) => {
        received();
        guard(() => this.receive(number, data));
      },
      activity: received,
      error: (error) => {
        if (this.socket && this.socket === this.sockets.get(number))
          this.emit("error", { type: "WebSocketError", error });
      },
      closed: (code, reason, error) => {
        this.sockets.delete(number);
        guard(() => this.handle({ on: "closed", socket: number, code, reason, error }));
      },
    };
    this.sockets.set(number, undefined);
    this.ports.open(transport, this.current.tls, listener).then(
      (socket) => (this.sockets.has(number) ? this.sockets.set(number, socket) : socket.close()),
      (error: unknown) => listener.closed(1006, "", error),
    );
  }

  private close(socket: number): void {
    this.sockets.get(socket)?.close();
    this.sockets.delete(socket);
  }

  /** The socket of the established connection, if there is one. */
  private get socket(): Socket | undefined {
    const { phase } = this.current;
    return phase.at === "online" ? this.sockets.get(phase.socket) : undefined;
  }

  private receive(socket: number, data: unknown): void {
    // During the handshake, an unreadable message counts as a wrong message.
    const message = readMessage(data) ?? (this.socket ? undefined : noMessage);
    if (message) this.handle({ on: "message", socket, message });
    else this.emit("error", { type: "MessageParseError", error: "Malformed message", data });
  }

  /** Announces the state if it has changed. */
  private showState(): void {
    const { shown: current, phase } = this.current;
    const previous = this.announced;
    if (current === previous) return;
    this.announced = current;
    const socketId = phase.at === "online" ? phase.socketId : undefined;
    if (socketId) {
      this.socket_id = socketId;
      this.failure = undefined;
    }
    this.emit("state_change", { previous, current });
    this.emit(current, socketId && { socket_id: socketId });
  }

  /** Records why there is no connection, and announces it. The same failure is announced once until there is a connection. */
  private fail({ failure: { code, reason, error }, as }: Effect & { readonly do: "fail" }): void {
    const address = this.ports.address(this.current.tls);
    const isRejection = code >= 4000;
    const platform = fieldsOf(error);
    const why = reason || textOf(fieldsOf(platform["cause"] ?? platform)["message"]) || unknownReason;
    const message = isRejection
      ? `${address} closed the connection with code ${code}: ${why}`
      : `Cannot connect to ${address}: ${why}`;
    const isKnown = !isRejection && this.failure?.message === message;
    const cause = new SealcastError(
      isRejection ? "rejected" : "unreachable",
      message,
      isRejection ? code : undefined,
      platform["error"] ?? error,
    );
    this.failure = cause;
    // Not enumerable: logs and comparisons see what `pusher-js` shows.
    const withCause = (about: object): object => Object.defineProperty(about, "cause", { value: cause });
    const shown = reason || (isRejection || as.includes("PusherError") ? undefined : why);
    const pusherError = withCause({ type: "PusherError", data: { code, message: shown } });
    for (const type of isKnown ? [] : as) {
      this.emit("error", type === "PusherError" ? pusherError : withCause({ type, error: pusherError }));
    }
  }
}

/** Runs code that calls listeners. What they throw must not reach the transport: it is thrown again in a microtask. */
function guard(run: () => void): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

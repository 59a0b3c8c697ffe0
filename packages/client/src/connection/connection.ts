import { Emitter } from "../emitter.ts";
import type { ConnectionSettings, ConnectionState, Effect, Input, State } from "./connection-state.ts";
import { readMessage, type ServerMessage } from "./message.ts";
import { watchNetwork } from "./network-watch.ts";
import type { Socket, SocketListener } from "./socket.ts";
import { initialState, step } from "./step.ts";
import type { TransportName } from "./transport-plan.ts";

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
  readonly error: ConnectionError;
  /** Every message of the server. */
  readonly message: ServerMessage;
}

/** What went wrong on a connection; the shapes are those of `pusher-js`. */
export type ConnectionError =
  | { readonly type: "PusherError"; readonly data: { readonly code: number | null; readonly message?: string } }
  | { readonly type: "WebSocketError" | "HandshakeError"; readonly error: unknown }
  | { readonly type: "MessageParseError"; readonly error: string; readonly data: unknown };

/** Hears every event of the connection before its listeners do, and as `sent` what goes out. */
export type ConnectionHook = (event: string, data: unknown) => void;

/** What a connection needs from outside. */
export interface ConnectionPorts {
  readonly settings: ConnectionSettings;
  /** Opens a line. Rejects where the runtime refuses even to try. */
  readonly open: (transport: TransportName, tls: boolean, listener: SocketListener) => Promise<Socket>;
  readonly hook: ConnectionHook;
}

/** Effects that listeners hear. */
type Heard = Effect & { readonly do: "emit" | "deliver" };

const noMessage: ServerMessage = { event: "" };

/** The connection to the server: runs what {@link step} decides. */
export class Connection<Events extends object = ConnectionEvents> extends Emitter<Events> {
  /** Id that the server gave to the latest connection; undefined before the first. */
  socket_id: string | undefined;
  readonly #ports: ConnectionPorts;
  /** Open and opening sockets; undefined until the runtime has made one. */
  readonly #sockets = new Map<number, Socket | undefined>();
  readonly #clocks: Partial<Record<"alarm" | "unavailable", ReturnType<typeof setTimeout>>> = {};
  #state: State;
  /** The state that listeners know of. */
  #told: ConnectionState = "initialized";
  #heardAt = 0;
  #stopWatching: (() => void) | undefined;

  /** @param tls whether the first attempt uses TLS. */
  constructor(tls: boolean, ports: ConnectionPorts) {
    super();
    this.#state = initialState(tls);
    this.#ports = ports;
  }

  get state(): ConnectionState {
    return this.#state.shown;
  }

  /** Connects, unless that is done or under way. */
  connect(): void {
    this.#handle({ on: "connect" });
  }

  /** Closes the connection and stays disconnected until `connect`. */
  disconnect(): void {
    this.#handle({ on: "disconnect" });
  }

  /** Connects anew: address or key have changed. */
  restart(): void {
    this.#handle({ on: "restart" });
  }

  isUsingTLS(): boolean {
    return this.#state.tls;
  }

  /** Sends a message of any kind. Returns whether there was a connection to send it on. */
  send_event(event: string, data: unknown, channel?: string): boolean {
    if (this.#current) this.#ports.hook("sent", { event, channel });
    return this.send(JSON.stringify({ event, data, channel }));
  }

  /** Sends a text as it is. Returns whether there was a connection to send it on. */
  send(text: string): boolean {
    const socket = this.#current;
    socket?.send(text);
    return socket !== undefined;
  }

  #handle(input: Input): void {
    const [state, effects] = step(this.#state, input, {
      settings: this.#ports.settings,
      now: performance.now(),
      heardAt: this.#heardAt,
      jitter: Math.random(),
    });
    this.#state = state;
    if (state.phase.at === "idle") {
      this.#stopWatching?.();
      this.#stopWatching = undefined;
    } else this.#stopWatching ??= watchNetwork((on) => this.#handle({ on }));

    // What listeners hear comes last: they may connect, disconnect or throw, and find everything else done.
    const heard: Heard[] = [];
    for (const effect of effects) {
      if (effect.do === "emit" || effect.do === "deliver") heard.push(effect);
      else this.#run(effect);
    }
    this.#tellAll(heard);
  }

  /** Tells all of it, whatever listeners throw. */
  #tellAll([first, ...rest]: readonly Heard[]): void {
    if (!first) return this.#show();
    try {
      if (first.do === "emit") this.#tell(first.event, first.data);
      else this.#tell("message", first.message);
    } finally {
      this.#tellAll(rest);
    }
  }

  #run(effect: Exclude<Effect, Heard>): void {
    switch (effect.do) {
      case "open":
        return this.#open(effect.socket, effect.transport);
      case "close":
        return this.#close(effect.socket);
      case "clear":
        for (const socket of this.#sockets.keys()) if (socket !== effect.keep) this.#close(socket);
        clearTimeout(this.#clocks.alarm);
        if (this.state !== "connecting") clearTimeout(this.#clocks.unavailable);
        return;
      case "alarm":
      case "unavailable":
        clearTimeout(this.#clocks[effect.do]);
        this.#clocks[effect.do] = setTimeout(() => this.#handle({ on: effect.do }), effect.ms);
        return;
      case "ping":
      case "pong": {
        const ping = effect.do === "ping" && this.#current?.ping;
        if (ping) ping();
        else this.send_event(`pusher:${effect.do}`, {});
      }
    }
  }

  #open(number: number, transport: TransportName): void {
    const heard = (): void => {
      this.#heardAt = performance.now();
    };
    const listener: SocketListener = {
      message: (data) => {
        heard();
        guard(() => this.#receive(number, data));
      },
      activity: heard,
      error: (error) => {
        if (this.#current && this.#current === this.#sockets.get(number))
          this.#tell("error", { type: "WebSocketError", error });
      },
      closed: (code, reason) => {
        this.#sockets.delete(number);
        guard(() => this.#handle({ on: "closed", socket: number, code, reason }));
      },
    };
    this.#sockets.set(number, undefined);
    this.#ports.open(transport, this.#state.tls, listener).then(
      (socket) => (this.#sockets.has(number) ? this.#sockets.set(number, socket) : socket.close()),
      () => listener.closed(1006, ""),
    );
  }

  #close(socket: number): void {
    this.#sockets.get(socket)?.close();
    this.#sockets.delete(socket);
  }

  /** The socket of the established connection. */
  get #current(): Socket | undefined {
    const { phase } = this.#state;
    return phase.at === "online" ? this.#sockets.get(phase.socket) : undefined;
  }

  #receive(socket: number, data: unknown): void {
    // In a handshake, what cannot be read is as wrong as any other message that does not belong there.
    const message = readMessage(data) ?? (this.#current ? undefined : noMessage);
    if (!message) return this.#tell("error", { type: "MessageParseError", error: "Malformed message", data });
    this.#handle({ on: "message", socket, message });
  }

  /** Tells of the state, if it has changed since it was last told. */
  #show(): void {
    const { shown: current, phase } = this.#state;
    const previous = this.#told;
    if (current === previous) return;
    this.#told = current;
    const socketId = phase.at === "online" ? phase.socketId : undefined;
    if (socketId) this.socket_id = socketId;
    this.#tell("state_change", { previous, current });
    this.#tell(current, socketId && { socket_id: socketId });
  }

  #tell(event: string, data: unknown): void {
    this.#ports.hook(event, data);
    this.emit(event, data);
  }
}

/** Runs what listeners hear of. No transport may stumble over what they throw: it is uncaught, but a moment later. */
function guard(run: () => void): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

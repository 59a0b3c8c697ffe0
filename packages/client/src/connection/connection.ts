import { Emitter } from "../emitter.ts";
import type { Log } from "../log.ts";
import { runEach } from "../run-each.ts";
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

/** Hears every event of the connection before its listeners do. */
export type ConnectionHook = (event: string, data: unknown) => void;

/** What a connection needs from outside. */
export interface ConnectionPorts {
  readonly settings: ConnectionSettings;
  /** Opens a line. Rejects where the runtime refuses even to try. */
  readonly open: (transport: TransportName, tls: boolean, listener: SocketListener) => Promise<Socket>;
  readonly hook: ConnectionHook;
  readonly log: Log;
}

const noMessage: ServerMessage = { event: "", channel: undefined, data: undefined };

/** The connection to the server: runs what {@link step} decides. */
export class Connection<Events extends object = ConnectionEvents> extends Emitter<Events> {
  /** Id that the server gave to the latest connection; undefined before the first. */
  socket_id: string | undefined;
  readonly #ports: ConnectionPorts;
  /** Open and opening sockets; undefined until the runtime has made one. */
  readonly #sockets = new Map<number, Socket | undefined>();
  #alarm: ReturnType<typeof setTimeout> | undefined;
  #unavailable: ReturnType<typeof setTimeout> | undefined;
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
    if (this.#current) this.#ports.log("debug", "Event sent", { event, channel });
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
    const heard: (() => void)[] = [];
    for (const effect of effects) {
      if (effect.do === "emit") heard.push(() => this.#tell(effect.event, effect.data));
      else if (effect.do === "deliver") heard.push(() => this.#tell("message", effect.message));
      else this.#run(effect);
    }
    runEach([...heard, () => this.#show()], (tell) => tell());
  }

  #run(effect: Exclude<Effect, { readonly do: "emit" | "deliver" }>): void {
    switch (effect.do) {
      case "open":
        return this.#open(effect.socket, effect.transport);
      case "close":
        return this.#close(effect.socket);
      case "clear":
        for (const socket of this.#sockets.keys()) if (socket !== effect.keep) this.#close(socket);
        clearTimeout(this.#alarm);
        if (this.state !== "connecting") clearTimeout(this.#unavailable);
        return;
      case "alarm":
        clearTimeout(this.#alarm);
        this.#alarm = setTimeout(() => this.#handle({ on: "alarm" }), effect.ms);
        return;
      case "unavailable":
        clearTimeout(this.#unavailable);
        this.#unavailable = setTimeout(() => this.#handle({ on: "unavailable" }), effect.ms);
        return;
      case "ping": {
        const socket = this.#current;
        if (socket?.ping) socket.ping();
        else this.send_event("pusher:ping", {});
        return;
      }
      case "pong":
        this.send_event("pusher:pong", {});
    }
  }

  #open(number: number, transport: TransportName): void {
    const heard = (): void => {
      this.#heardAt = performance.now();
    };
    const listener: SocketListener = {
      message: (data) => {
        heard();
        this.#receive(number, data);
      },
      activity: heard,
      error: (error) => {
        if (this.#current && this.#current === this.#sockets.get(number)) this.#tell("error", { type: "WebSocketError", error });
      },
      closed: (code, reason) => {
        this.#sockets.delete(number);
        this.#handle({ on: "closed", socket: number, code, reason });
      },
    };
    this.#ports.log("debug", "Connecting", { transport });
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
    const { event, channel } = message;
    this.#ports.log("debug", "Event recd", { event, channel });
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
    const id = socketId ? ` with new socket ID ${socketId}` : "";
    this.#ports.log("debug", "State changed", `${previous} -> ${current}${id}`);
    this.#tell("state_change", { previous, current });
    this.#tell(current, socketId && { socket_id: socketId });
  }

  #tell(event: string, data: unknown): void {
    this.#ports.hook(event, data);
    this.emit(event, data);
  }
}

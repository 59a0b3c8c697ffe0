/** What a listener learns besides the data of an event. */
export interface EventMetadata {
  /** Client events on presence channels: the sender's user id, as the server knows it. */
  readonly user_id?: string;
  /** Encrypted channels: true if later events were delivered first, while this event waited for its key. */
  readonly late?: boolean;
  /** Sealed channels: number of the event in the session of its sender, from 1. */
  readonly seq?: number;
  /** Sealed channels: how many events of that session are missing before this one. Excluded senders cause gaps, too. */
  readonly gap?: number;
  /** Sealed channels: when the sender sealed the event, in Unix milliseconds. */
  readonly ts?: number;
  /** Sealed channels: whether the publisher's signature was verified. */
  readonly verified?: boolean;
  /** Sealed cache channels: true if the event is the cached one and was sent before this subscription. */
  readonly cached?: boolean;
  /** Sealed channels: id of the key that opened the event. */
  readonly keyId?: string;
}

/** Event names of an emitter whose events are not declared. */
export interface UnknownEvents {
  readonly [event: string]: unknown;
}

/** Like {@link UnknownEvents}, but accepts any function as a listener, as the types of `pusher-js` do. */
export interface LooseEvents {
  readonly [event: string]: unknown;
  readonly [loose]: true;
}
declare const loose: unique symbol;

/** The event names of an event map, which is an object type: name → type of the data. */
export type EventName<Events extends object> = Extract<keyof Events, string>;

/** A function that can listen to one event of an event map. */
export type Listener<Events extends object, Name extends EventName<Events>> = Events extends LooseEvents
  ? AnyFunction
  : unknown extends Events[Name]
    ? UncheckedListener
    : (data: Events[Name], metadata: EventMetadata) => void;

/** A listener for data of unknown type. It may declare the type that it expects: parameters of methods are not checked. */
export type UncheckedListener = { listen(data: unknown, metadata: EventMetadata): void }["listen"];

/** A function that can listen to all events of an emitter. */
export type GlobalListener<Events extends object> = Events extends LooseEvents
  ? AnyFunction
  : (event: string, data: unknown) => void;

/** The type that `pusher-js` gives to callbacks: any function. */
// oxlint-disable-next-line typescript/no-unsafe-function-type -- code annotated for pusher-js must compile unchanged
export type AnyFunction = Function;

type Call = (...values: readonly unknown[]) => unknown;

interface Binding {
  readonly fn: Call;
  readonly context: unknown;
}

/**
 * Calls listeners by event name, with the rules that code for `pusher-js` relies on: listeners run in the order of
 * binding, those of `bind_global` first; a function that is bound twice runs twice; an exception is not caught, so the
 * later listeners of that event do not run.
 *
 * Works behind a `Proxy`, as state libraries use them. Vue does not wrap it at all: see `__v_skip`.
 */
export class Emitter<Events extends object = UnknownEvents> {
  /** For the compiler only: the events of this emitter. */
  declare readonly eventMap?: Events;
  /** The bindings by event name, in the shape of `pusher-js`: names start with `_`. */
  readonly callbacks: { readonly _callbacks: Record<string, readonly Binding[]> } = {
    _callbacks: Object.create(null) as Record<string, readonly Binding[]>,
  };
  /** The global callbacks, in the order of binding. */
  global_callbacks: readonly Call[] = [];

  /** Tells Vue, and Alpine, to use this object itself instead of a reactive proxy: Vue's `markRaw` sets the same flag. */
  get __v_skip(): true {
    return true;
  }

  /** Calls `callback` for each `event`, with `context` as its `this` (default: the global object). */
  bind<Name extends EventName<Events>>(event: Name, callback: Listener<Events, Name>, context?: unknown): this {
    const { _callbacks } = this.callbacks;
    const fn = callback as unknown as Call;
    const bindings = _callbacks[`_${event}`];
    // During `emit`, its loop sees the binding: the array stays the same.
    if (bindings) (bindings as Binding[]).push({ fn, context });
    else _callbacks[`_${event}`] = [{ fn, context }];
    return this;
  }

  /** Calls `callback` with name and data of every event, before the listeners of that event. */
  bind_global(callback: GlobalListener<Events>): this {
    (this.global_callbacks as Call[]).push(callback as unknown as Call);
    return this;
  }

  /**
   * Removes the bindings that match everything that is given: event, callback and context. `null` matches everything, so
   * `unbind()` removes all bindings except the global ones.
   */
  unbind(event?: string | null, callback?: AnyFunction | null, context?: unknown): this {
    const { _callbacks } = this.callbacks;
    for (const [name, bindings] of Object.entries(_callbacks)) {
      if (event && `_${event}` !== name) continue;
      const kept = bindings.filter(
        (bound) => (callback && callback !== bound.fn) || (context && context !== bound.context),
      );
      if (kept.length) _callbacks[name] = kept;
      else delete _callbacks[name];
    }
    return this;
  }

  /** Removes one global callback, or all of them. */
  unbind_global(callback?: AnyFunction): this {
    this.global_callbacks = this.global_callbacks.filter((bound) => callback && bound !== callback);
    return this;
  }

  /** Removes every binding, including the global ones. */
  unbind_all(): this {
    return this.unbind().unbind_global();
  }

  /** Calls the listeners of `event`. Without `metadata`, falsy data is not passed on, as in `pusher-js`. */
  emit(event: string, data?: unknown, metadata?: EventMetadata): this {
    // A listener that is bound during this loop is called. One that is unbound is still called: `unbind` replaces the list.
    for (const callback of this.global_callbacks) callback(event, data);
    const { _callbacks } = this.callbacks;
    const bindings = _callbacks[`_${event}`];
    if (!bindings) this.unhandled(event);
    const values = metadata ? [data, metadata] : data ? [data] : [];
    for (const { fn, context } of bindings ?? []) fn.apply(context || globalThis, values);
    return this;
  }

  /** Called for each event that has no listener of its own. */
  protected unhandled(_event: string): void {}
}

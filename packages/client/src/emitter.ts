/** What a listener learns besides the data of an event. */
export interface EventMetadata {
  /** Client events on presence channels: the sender's user id, as the server knows it. */
  readonly user_id?: string;
  /** Encrypted channels: true where later events were delivered first, while this one waited for its key. */
  readonly late?: boolean;
}

/** Event names of an emitter about which nothing is known beforehand. */
export interface UnknownEvents {
  readonly [event: string]: unknown;
}

/** Like {@link UnknownEvents}, but any function may listen, as in the types of `pusher-js`. */
export interface LooseEvents {
  readonly [event: string]: unknown;
  readonly [loose]: true;
}
declare const loose: unique symbol;

/** The event names in an event map, which is an object type: name → type of the data. */
export type EventName<Events extends object> = Extract<keyof Events, string>;

/** A function that may listen to one event of a map. */
export type Listener<Events extends object, Name extends EventName<Events>> = Events extends LooseEvents
  ? AnyFunction
  : unknown extends Events[Name]
    ? UncheckedListener
    : (data: Events[Name], metadata: EventMetadata) => void;

/** A listener for data of unknown type: it may say what it expects, as the parameters of methods are not checked. */
export type UncheckedListener = { listen(data: unknown, metadata: EventMetadata): void }["listen"];

/** A function that may listen to all events of an emitter. */
export type GlobalListener<Events extends object> = Events extends LooseEvents
  ? AnyFunction
  : (event: string, data: unknown) => void;

/** The type that `pusher-js` gives to callbacks: parameters are up to whoever writes the function. */
// oxlint-disable-next-line typescript/no-unsafe-function-type -- code annotated for pusher-js must compile unchanged
export type AnyFunction = Function;

type Call = (...values: readonly unknown[]) => unknown;

interface Binding {
  readonly callback: Call;
  readonly context: unknown;
}

/**
 * Calls listeners by event name, with the rules that code written for `pusher-js` counts on: listeners run in the order
 * of binding, those of `bind_global` first; a function bound twice runs twice; an exception is not caught, so that the
 * later listeners of that one event do not run.
 */
export class Emitter<Events extends object = UnknownEvents> {
  /** For the compiler alone: which events there are. */
  declare readonly eventMap?: Events;
  readonly #bindings = new Map<string, Binding[]>();
  #global: Call[] = [];

  /** Calls `callback` for each `event`, with `context` as its `this` (default: the global object). */
  bind<Name extends EventName<Events>>(event: Name, callback: Listener<Events, Name>, context?: unknown): this {
    const bindings = this.#bindings.get(event) ?? [];
    bindings.push({ callback: callback as unknown as Call, context });
    this.#bindings.set(event, bindings);
    return this;
  }

  /** Calls `callback` with name and data of every event, before the listeners of that event. */
  bind_global(callback: GlobalListener<Events>): this {
    this.#global.push(callback as unknown as Call);
    return this;
  }

  /**
   * Removes the bindings that match all of what is given: event, callback, context. `null` matches everything, so that
   * `unbind()` removes every binding but the global ones.
   */
  unbind(event?: string | null, callback?: AnyFunction | null, context?: unknown): this {
    for (const [name, bindings] of this.#bindings) {
      if (event && event !== name) continue;
      const kept = bindings.filter(
        (bound) => (callback && callback !== bound.callback) || (context && context !== bound.context),
      );
      if (kept.length) this.#bindings.set(name, kept);
      else this.#bindings.delete(name);
    }
    return this;
  }

  /** Removes one global callback, or all of them. */
  unbind_global(callback?: AnyFunction): this {
    this.#global = this.#global.filter((bound) => callback && bound !== callback);
    return this;
  }

  /** Removes every binding, the global ones too. */
  unbind_all(): this {
    return this.unbind().unbind_global();
  }

  /** Calls the listeners of `event`. Without `metadata`, data that is falsy is not passed on: `pusher-js` does so too. */
  emit(event: string, data?: unknown, metadata?: EventMetadata): this {
    // Bound during this loop: called. Unbound during this loop: still called, as `unbind` replaces the list.
    for (const callback of this.#global) callback(event, data);
    const bindings = this.#bindings.get(event);
    if (!bindings) this.unheard(event);
    const values = metadata ? [data, metadata] : data ? [data] : [];
    for (const { callback, context } of bindings ?? []) callback.apply(context || globalThis, values);
    return this;
  }

  /** Told of each event that has no listener of its own. */
  protected unheard(_event: string): void {}
}

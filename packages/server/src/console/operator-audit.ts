import { andThen, type Awaitable } from "../core/awaitable.ts";
import type { Observer } from "../ports/observer.ts";
import type { HttpReply } from "../ports/transport.ts";

/** Something that an operator asked for. */
export interface OperatorAction {
  /** "" if it is not known who it was. */
  readonly operator: string;
  /** Such as "send-event". */
  readonly action: string;
  readonly app: string | undefined;
  /** What it is about, without secrets: a channel, a socket id, a key. */
  readonly subject: string;
}

/** Tells an observer what operators asked for, and whether it was done. */
export class OperatorAudit {
  readonly #observer: Observer;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** Reports an action that was answered. @param status of the answer; from 400 on, it was refused. */
  report(action: OperatorAction, status: number): void {
    if (!this.#observer.wants("operator-acted")) return;
    this.#observer.observe({ kind: "operator-acted", ...action, outcome: status < 400 ? "done" : "refused", status });
  }

  /** Reports an action as soon as its answer is known, and returns the answer. */
  follow(action: OperatorAction, reply: Awaitable<HttpReply>): Awaitable<HttpReply> {
    const proceed = (known: HttpReply): HttpReply => {
      this.report(action, known.status);
      return known;
    };
    return andThen(reply, proceed, (error) => {
      this.report(action, 500);
      throw error;
    });
  }
}

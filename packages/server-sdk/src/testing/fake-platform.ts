import { randomBytes } from "node:crypto";
import type { Platform } from "../platform.ts";

/** A request that the library sent through the fake runtime. */
export interface FakeRequest {
  readonly atMs: number;
  readonly method: string;
  /** Path below `/apps/{id}`, without the query. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Answers a request, or throws as a broken connection does. */
export type FakeServer = (request: FakeRequest) => Response | Promise<Response>;

const signingParams = new Set(["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"]);

/** A runtime without a network. Its clock advances only when every task sleeps: it jumps to the first wake-up time. */
export class FakePlatform implements Platform {
  readonly requests: FakeRequest[] = [];
  readonly sleeps: number[] = [];
  nowMs: number;
  server: FakeServer;
  #sleepers: { readonly dueMs: number; readonly wake: () => void }[] = [];

  constructor(server: FakeServer = () => Response.json({}), startMs = 1_700_000_000_000) {
    this.server = server;
    this.nowMs = startMs;
  }

  now = (): number => this.nowMs;

  elapsed = (): number => this.nowMs;

  random = (): number => 0;

  randomBytes = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(url);
    const request: FakeRequest = {
      atMs: this.nowMs,
      method: init.method ?? "GET",
      path: pathname.replace(/^.*\/apps\/[^/]+/, ""),
      params: Object.fromEntries([...searchParams].filter(([name]) => !signingParams.has(name))),
      headers: new Headers(init.headers),
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : undefined,
    };
    this.requests.push(request);
    return this.server(request);
  };

  sleep = (ms: number): Promise<void> => {
    this.sleeps.push(ms);
    return new Promise((wake) => {
      this.#sleepers.push({ dueMs: this.nowMs + ms, wake });
      // After everything that can run without waiting has run.
      setImmediate(() => this.#wakeFirst());
    });
  };

  #wakeFirst(): void {
    const dueMs = Math.min(...this.#sleepers.map((sleeper) => sleeper.dueMs));
    const first = this.#sleepers.find((sleeper) => sleeper.dueMs === dueMs);
    if (first === undefined) return;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== first);
    this.nowMs = Math.max(this.nowMs, first.dueMs);
    first.wake();
  }
}

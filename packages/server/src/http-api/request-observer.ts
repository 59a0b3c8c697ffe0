import type { AppId } from "@sealcast/protocol";
import { errorLocation } from "../core/errors/error-location.ts";
import type { HttpReply, RefusedRequest } from "../ports/transport.ts";
import type { ApiPorts } from "./api-ports.ts";
import type { RouteTable } from "./route-table.ts";

/** Tells the observers of a server about its HTTP requests. */
export class RequestObserver {
  readonly #table: RouteTable;
  readonly #ports: Pick<ApiPorts, "apps" | "clock" | "observer">;

  constructor(table: RouteTable, ports: Pick<ApiPorts, "apps" | "clock" | "observer">) {
    this.#table = table;
    this.#ports = ports;
  }

  /** Returns when a request began, for `answered`, or undefined if nobody measures requests. */
  startMs(): number | undefined {
    return this.#ports.observer.wants("request-answered") ? this.#ports.clock.monotonicNow() : undefined;
  }

  /** Reports a request with its reply. */
  answered(request: RefusedRequest, reply: HttpReply, startMs: number | undefined): void {
    if (startMs !== undefined) this.#measured(request, reply, startMs);
    if (reply.status >= 400) this.refused(request, reply);
  }

  #measured({ path }: RefusedRequest, { status }: HttpReply, startMs: number): void {
    const { clock, observer } = this.#ports;
    const [route] = this.#table.find(path)?.routes ?? [];
    const durationMs = clock.monotonicNow() - startMs;
    observer.observe({ kind: "request-answered", route: route?.path, status, durationMs });
  }

  /** Reports a request that was refused, also by the transport. */
  refused({ method, path, address }: RefusedRequest, { status, body }: HttpReply): void {
    const { apps, observer } = this.#ports;
    if (!observer.wants("request-refused")) return;
    const found = this.#table.find(path);
    const access = found?.routes[0]?.access;
    // A server that is not ready refuses nothing: health checks ask again and again.
    if (access === "open") return;
    observer.observe({
      kind: "request-refused",
      app: access === "app" ? apps.byId(found?.wildcards[0] as AppId)?.id : undefined,
      method,
      path,
      address: address === "" ? undefined : address,
      status,
      message: String(body).trimEnd(),
    });
  }

  /** Reports an unexpected error. */
  failed(error: unknown): void {
    const where = errorLocation(error);
    this.#ports.observer.observe({ kind: "request-failed", app: undefined, socketId: undefined, where });
  }
}

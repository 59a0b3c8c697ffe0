import { closeReasons } from "@sealcast/protocol";
import type { LinkEvents, TransportHandlers } from "../ports/transport.ts";
import type { HttpApi } from "./handle.ts";

const nothing: LinkEvents = { receive: () => undefined, alive: () => undefined, closed: () => undefined };

/** Handlers of an address that answers requests, and refuses connections of clients. */
export function withoutConnections(api: HttpApi): TransportHandlers {
  return {
    ...api,
    open(_request, link) {
      link.close(closeReasons.pathNotFound.code, closeReasons.pathNotFound.message);
      return nothing;
    },
    allowsOrigin: () => false,
    maxBodyBytes: 0,
    maxMessageBytes: 0,
  };
}

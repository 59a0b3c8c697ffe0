import { quote, traitsOf, type ClientMessage } from "@sealcast/protocol";
import type { Observer } from "../../ports/observer.ts";
import type { Client } from "../client.ts";

/** Handles a client's report that it could not decrypt an event: operators see it, other clients do not. */
export function createDecryptionReport(
  observer: Observer,
): (client: Client, message: Extract<ClientMessage, { kind: "decryption-error" }>) => void {
  return (client, { channel, event, reason }) => {
    const { app, socketId, memberships } = client;
    if (!memberships.has(channel)) {
      const message = `Cannot report a decryption error (connection not subscribed to channel ${quote(channel)})`;
      return client.refuse({ id: "notSubscribed", message });
    }
    if (traitsOf(channel).encryption === "none") {
      const message = `Cannot report a decryption error: channel ${quote(channel)} is not encrypted`;
      return client.refuse({ id: "malformedMessage", message });
    }
    if (!observer.wants("decryption-failed")) return;
    const userId = memberships.get(channel)?.userId;
    observer.observe({ kind: "decryption-failed", app: app.id, socketId, channel, userId, event, reason });
  };
}

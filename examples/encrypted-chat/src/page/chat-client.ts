import Sealcast from "@sealcast/client/pusher-js";
import type { PageSettings } from "../page-settings.ts";

/** A client of either library: ours has the shape of the official one. */
export type ChatClient = Sealcast;

/** Connects with our client; with the official one if the page's address ends in `?client=official`. */
export async function connect({ key, host, port }: PageSettings): Promise<ChatClient> {
  const isOfficial = new URLSearchParams(location.search).get("client") === "official";
  const Client = isOfficial ? await loadOfficialClient() : Sealcast;
  // The option `sealed` turns on channels with the names of sealed ones; the official client does not know it.
  return new Client(key, {
    wsHost: host,
    wsPort: port,
    forceTLS: false,
    enabledTransports: ["ws"],
    cluster: "own",
    sealed: true,
    channelAuthorization: { endpoint: "auth", transport: "ajax" },
  });
}

async function loadOfficialClient(): Promise<typeof Sealcast> {
  const { default: Pusher } = await import("pusher-js/with-encryption");
  return Pusher as unknown as typeof Sealcast;
}

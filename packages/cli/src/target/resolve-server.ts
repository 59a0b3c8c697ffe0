import { WrongUsage } from "../command-failure.ts";
import { reachableHost } from "../reachable-host.ts";
import { exampleUrl, serverUrl } from "./app-url.ts";
import { readConfig } from "./resolve-target.ts";

/** The options by which a command chooses a server, and not one app of it. */
export interface ServerOptions {
  /** Address of the server. */
  readonly server?: string;
  /** Configuration file of a server on this machine. */
  readonly config?: string;
}

/**
 * Returns the address of the server that a command works with, without a slash at the end: `--server`, that of a
 * configuration file, that of `SEALCAST_URL`, or a server on this machine.
 */
export async function resolveServer({ server, config }: ServerOptions): Promise<string> {
  if (server !== undefined) {
    if (server.includes("@")) throw new WrongUsage("--server takes an address without key and secret");
    return serverUrl(server, "--server");
  }
  if (config !== undefined) {
    const { host, port } = await readConfig(config);
    return `http://${reachableHost(host)}:${port}`;
  }
  const url = process.env["SEALCAST_URL"];
  return url ? serverUrl(url, "SEALCAST_URL") : exampleUrl;
}

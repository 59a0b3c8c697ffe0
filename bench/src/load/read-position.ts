import { createHmac } from "node:crypto";
import type { EventPosition } from "./recovery-plan.ts";
import { benchApp } from "./signed-request.ts";

/** Reads the position of a channel's last event from the HTTP API. */
export async function readPosition(port: number, channel: string): Promise<EventPosition> {
  const path = `/apps/${benchApp.id}/channels/${channel}/events`;
  const query = `auth_key=${benchApp.key}&auth_timestamp=${Math.floor(Date.now() / 1000)}&auth_version=1.0&limit=1`;
  const signature = createHmac("sha256", benchApp.secret).update(`GET\n${path}\n${query}`).digest("hex");
  const response = await fetch(`http://127.0.0.1:${port}${path}?${query}&auth_signature=${signature}`);
  const { epoch, offset } = (await response.json()) as Partial<EventPosition>;
  if (epoch === undefined || offset === undefined) throw new Error(`${channel} has no position`);
  return { epoch, offset };
}

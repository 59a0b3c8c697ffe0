import { parseChannelName, traitsOf } from "@sealcast/protocol";
import { engineUnavailable } from "../../core/engine-unavailable.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { invalidParameter, json, refusal } from "../reply.ts";

/** `GET /apps/{id}/channels/{name}/users`: ids of the users of a presence channel. */
export const listUsers: AppEndpoint = async ({ app, engine, subject }) => {
  const channel = parseChannelName(subject, app.maxChannelNameLength);
  if (!channel.ok) return refusal(channel.error);
  if (!traitsOf(channel.value).members) return invalidParameter("Users can only be retrieved for presence channels");
  const users = await engine.members(app.id, channel.value);
  if (users === "unavailable") return refusal(engineUnavailable);
  return json({ users: users.map((id) => ({ id })) });
};

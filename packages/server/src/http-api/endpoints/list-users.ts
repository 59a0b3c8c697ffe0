import { parseChannelName, traitsOf } from "@sealcast/protocol";
import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import { inTurns } from "../../core/turns.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { invalidParameter, jsonText, refusal } from "../reply.ts";

/** Users that are encoded in one turn of the event loop. */
const pageSize = 1_000;

/** `GET /apps/{id}/channels/{name}/users`: ids of the users of a presence channel. */
export const listUsers: AppEndpoint = async ({ app, engine, subject, turns }) => {
  const channel = parseChannelName(subject, app.maxChannelNameLength);
  if (!channel.ok) return refusal(channel.error);
  if (!traitsOf(channel.value).members) return invalidParameter("Users can only be retrieved for presence channels");
  const users = await engine.members(app.id, channel.value);
  if (users === "unavailable") return refusal(engineUnavailable);
  const pages: string[] = [];
  // A channel may have very many users.
  await inTurns(turns, pagesOf(users), (page) => pages.push(page.map((id) => JSON.stringify({ id })).join(",")));
  return jsonText(`{"users":[${pages.join(",")}]}`);
};

function pagesOf(users: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(users.length / pageSize) }, (_, index) =>
    users.slice(index * pageSize, (index + 1) * pageSize),
  );
}

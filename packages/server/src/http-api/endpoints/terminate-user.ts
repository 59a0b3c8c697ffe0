import { parseUserId } from "@sealcast/protocol";
import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { emptyJson, refusal } from "../reply.ts";

/** `POST /apps/{id}/users/{user_id}/terminate_connections`: closes all signed-in connections of a user. */
export const terminateUser: AppEndpoint = async ({ app, engine, subject }) => {
  const userId = parseUserId(subject);
  if (!userId.ok) return refusal(userId.error);
  const outcome = await engine.send({ kind: "terminate-user", app: app.id, userId: userId.value });
  return outcome === "unavailable" ? refusal(engineUnavailable) : emptyJson;
};

import { engineUnavailable } from "../../core/errors/engine-unavailable.ts";
import { parseInfo } from "../../core/channels/info.ts";
import { parameter } from "../../core/urls/query.ts";
import { countsOf } from "../channel-counts.ts";
import type { AppEndpoint } from "../endpoint.ts";
import { invalidParameter, jsonBytes, refusal } from "../reply.ts";

const utf8 = new TextEncoder();

/** `GET /apps/{id}/channels`: the occupied channels. */
export const listChannels: AppEndpoint = async (call) => {
  const { app, engine, query } = call;
  const prefix = parameter(query, "filter_by_prefix") ?? "";
  const info = parseInfo(parameter(query, "info"), ["user_count", "subscription_count"]);
  if (!info.ok) return refusal(info.error);
  if (info.value.includes("user_count") && !prefix.startsWith("presence-")) {
    return invalidParameter(
      // Spelled as the official service does.
      "user_count may only be requested for presence channels - please supply filter_by_prefix begining with presence-",
    );
  }
  const pages: Uint8Array[] = [];
  for await (const page of engine.channels(app.id, prefix)) {
    if (page === "unavailable") return refusal(engineUnavailable);
    const rows = page.map((row) => `${JSON.stringify(row.channel)}:${JSON.stringify(countsOf(app, row, info.value))}`);
    // Encoded page by page: an app may have very many channels, and the engine serves others between pages.
    if (rows.length > 0) pages.push(utf8.encode(`${pages.length === 0 ? "" : ","}${rows.join(",")}`));
  }
  return jsonBytes([utf8.encode('{"channels":{'), ...pages, utf8.encode("}}")]);
};

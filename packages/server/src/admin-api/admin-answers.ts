import type { AppId, ErrorId } from "@sealcast/protocol";
import type { z } from "zod";
import { postParameters } from "../http-api/body.ts";
import { refusal } from "../http-api/reply.ts";
import { parameter } from "../core/urls/query.ts";
import type { AdminAnswer, AdminCall, AdminRoute, EditableApps } from "./admin-route.ts";

/** Refuses a request. */
export function refuse(id: ErrorId, message: string): AdminAnswer {
  return { refusal: refusal({ id, message }) };
}

/** The refusal of a request that needs the database of the apps while it cannot be reached. */
export const databaseUnavailable = refuse(
  "databaseUnavailable",
  "The server cannot reach the database of the apps; try again",
);

/** The id of the app in the path; the guard has found the app. */
export function idOf({ app }: AdminCall): AppId {
  if (app === undefined) throw new TypeError("This route has no app");
  return app.id;
}

/** The parameter `limit`, or undefined if it is invalid. */
export function limitOf({ query }: AdminCall): number | undefined {
  const text = parameter(query, "limit") ?? "100";
  return /^[1-9]\d{0,3}$/.test(text) && Number(text) <= 1_000 ? Number(text) : undefined;
}

/** What a route that reads a JSON object does with it. */
export function withBody<T extends z.ZodType>(
  body: T,
  work: (call: AdminCall, value: z.output<T>) => Promise<AdminAnswer>,
): Pick<AdminRoute, "body" | "run"> {
  return {
    body,
    async run(call) {
      const fields = postParameters(call.body, []);
      if (!fields.ok) return { refusal: refusal(fields.error) };
      const { data, error } = body.safeParse(fields.value);
      if (error === undefined) return work(call, data);
      const [issue] = error.issues;
      const name = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path.join(".");
      const expected = issue?.code === "unrecognized_keys" ? "no such field" : issue?.message;
      return refuse(
        "invalidParameter",
        `Invalid field ${JSON.stringify(String(name).slice(0, 100))}: expected ${expected}`,
      );
    },
  };
}

/** What a route that changes apps does, if they can be changed. */
export function edit(
  work: (call: AdminCall, apps: EditableApps) => Promise<AdminAnswer>,
): (call: AdminCall) => Promise<AdminAnswer> {
  return async (call) => {
    if (call.editable !== undefined) return work(call, call.editable);
    return refuse("appsNotEditable", "The apps come from the configuration: change them there");
  };
}

import { z } from "zod";
import type { AdminRoute } from "./admin-route.ts";

const refused = { description: "Refused; the body says why as plain text", content: { "text/plain": {} } };

/** Describes routes as an OpenAPI 3.1 document. */
export function openApiDocument(routes: readonly AdminRoute[]): object {
  const paths = new Map<string, Record<string, object>>();
  for (const route of routes) {
    const operations = paths.get(route.path) ?? {};
    operations[route.method.toLowerCase()] = operation(route);
    paths.set(route.path, operations);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Sealcast admin API", version: "1" },
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    paths: Object.fromEntries(paths),
  };
}

function operation({ path, summary, query, body, answer }: AdminRoute): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: "query",
    description,
    required: name === "url",
    schema: { type: "string" },
  }));
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...(body && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } },
    }),
    responses: {
      200: {
        description: "Success",
        content: { "application/json": { schema: schemaOf(answer, "output") } },
      },
      400: refused,
      401: refused,
      404: refused,
      409: refused,
      429: refused,
      503: refused,
    },
  };
}

function schemaOf(type: z.ZodType, io: "input" | "output"): object {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io });
  return schema;
}

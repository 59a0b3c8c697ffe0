import type { Project } from "../project.ts";

/** The part that is the same for every framework of Node.js. */
const auth = `import { createAuthHandler, Sealcast } from "@sealcast/server-sdk";

// https://KEY:SECRET@HOST/apps/APP_ID
export const sealcast = Sealcast.forURL(process.env.SEALCAST_URL ?? "", {
  // Encrypted channels need a key that only your backends know: \`sealcast keys master\`.
  ...(process.env.SEALCAST_MASTER_KEY && { encryptionMasterKeyBase64: process.env.SEALCAST_MASTER_KEY }),
});

/** Returns the signed-in user of a request, such as { id: "7" }. Replace it with your sessions: nobody is signed in yet. */
function currentUser(request) {
  return undefined;
}

/** Returns whether a user may subscribe to a channel. Replace it with your rules; compare whole names, not their ends. */
function maySubscribe(user, channel) {
  const own = [\`private-user-\${user.id}\`, \`private-encrypted-user-\${user.id}\`];
  return own.includes(channel) || channel.startsWith("presence-");
}

export const auth = createAuthHandler({
  sealcast,
  authenticate: currentUser,
  authorize: ({ user, channel }) => maySubscribe(user, channel),
});
`;

const run = "SEALCAST_URL=https://KEY:SECRET@HOST/apps/APP_ID node server.js";

function packageOf(framework: string, version: string, more: Readonly<Record<string, string>> = {}): string {
  const dependencies = { "@sealcast/server-sdk": "^0.1.0", [framework]: version, ...more };
  return `${JSON.stringify({ private: true, type: "module", dependencies }, undefined, 2)}\n`;
}

/** Projects for frameworks of Node.js. */
export const nodeProjects: readonly Project[] = [
  {
    name: "express",
    title: "auth endpoint and publisher for Express",
    files: () => ({
      "package.json": packageOf("express", "^5.0.0"),
      "auth.js": auth,
      "server.js": `import { expressHandler } from "@sealcast/server-sdk/express";
import express from "express";
import { auth, sealcast } from "./auth.js";

const app = express();
app.all("/pusher/auth", expressHandler(auth));
app.post("/hello", async (_request, response) => {
  await sealcast.trigger("my-channel", "my-event", { text: "Hello" });
  response.json({});
});
app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
`,
    }),
    next: ["npm install", run],
  },
  {
    name: "fastify",
    title: "auth endpoint and publisher for Fastify",
    files: () => ({
      "package.json": packageOf("fastify", "^5.0.0"),
      "auth.js": auth,
      "server.js": `import { fastifyPlugin } from "@sealcast/server-sdk/fastify";
import Fastify from "fastify";
import { auth, sealcast } from "./auth.js";

const app = Fastify();
app.register(fastifyPlugin(auth, "/pusher/auth"));
app.post("/hello", async () => {
  await sealcast.trigger("my-channel", "my-event", { text: "Hello" });
  return {};
});
await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" });
`,
    }),
    next: ["npm install", run],
  },
  {
    name: "hono",
    title: "auth endpoint and publisher for Hono",
    files: () => ({
      "package.json": packageOf("hono", "^4.0.0", { "@hono/node-server": "^1.0.0" }),
      "auth.js": auth,
      "app.js": `import { honoHandler } from "@sealcast/server-sdk/hono";
import { Hono } from "hono";
import { auth, sealcast } from "./auth.js";

export const app = new Hono();
app.all("/pusher/auth", honoHandler(auth));
app.post("/hello", async (context) => {
  await sealcast.trigger("my-channel", "my-event", { text: "Hello" });
  return context.json({});
});
`,
      "server.js": `import { serve } from "@hono/node-server";
import { app } from "./app.js";

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "127.0.0.1" });
`,
    }),
    next: ["npm install", run],
  },
  {
    name: "next",
    title: "auth endpoint as a route of Next.js",
    files: () => ({
      "app/pusher/auth/route.js": `import { nextRoute } from "@sealcast/server-sdk/next";
import { auth } from "../../../auth.js";

export const { POST, OPTIONS } = nextRoute(auth);
`,
      "auth.js": auth,
    }),
    next: ["npm install @sealcast/server-sdk", "SEALCAST_URL=https://KEY:SECRET@HOST/apps/APP_ID npx next dev"],
  },
];

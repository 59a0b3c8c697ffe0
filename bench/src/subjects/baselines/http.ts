/** Baseline for the publish path: bare `node:http` that checks a signed publish, and nothing else. */
import { createServer } from "node:http";
import { isGenuine } from "./genuine.ts";

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    response.statusCode = isGenuine(request.method ?? "", request.url ?? "", Buffer.concat(chunks)) ? 200 : 401;
    response.end("{}");
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");

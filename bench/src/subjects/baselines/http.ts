/** Baseline for the publish path: bare `node:http` that does the hashing and parsing every signed publish needs, and nothing else. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { benchApp } from "../../load/signed-request.ts";

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const parameters = query.split("&").toSorted();
    const signed = parameters.filter((pair) => !pair.startsWith("auth_signature=")).join("&");
    const given = parameters.find((pair) => pair.startsWith("auth_signature="))?.slice("auth_signature=".length) ?? "";
    const wanted = createHmac("sha256", benchApp.secret).update(`${request.method}\n${path}\n${signed}`).digest();
    const md5 = createHash("md5").update(body).digest("hex");
    JSON.parse(body.toString());
    const genuine = timingSafeEqual(Buffer.from(given, "hex"), wanted) && parameters.includes(`body_md5=${md5}`);
    response.statusCode = genuine ? 200 : 401;
    response.end("{}");
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");

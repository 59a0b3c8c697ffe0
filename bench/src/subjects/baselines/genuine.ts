import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { benchApp } from "../../load/signed-request.ts";

/** Whether a publish is signed and its body is JSON with the signed hash: what every signed publish needs, and nothing else. */
export function isGenuine(method: string, url: string, body: Uint8Array): boolean {
  const [path = "", query = ""] = url.split("?");
  const parameters = query.split("&").toSorted();
  const signed = parameters.filter((pair) => !pair.startsWith("auth_signature=")).join("&");
  const given = parameters.find((pair) => pair.startsWith("auth_signature="))?.slice("auth_signature=".length) ?? "";
  const wanted = createHmac("sha256", benchApp.secret).update(`${method}\n${path}\n${signed}`).digest();
  const md5 = createHash("md5").update(body).digest("hex");
  JSON.parse(Buffer.from(body).toString());
  return timingSafeEqual(Buffer.from(given, "hex"), wanted) && parameters.includes(`body_md5=${md5}`);
}

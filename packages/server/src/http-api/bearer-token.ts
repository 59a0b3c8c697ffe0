import type { Signer } from "../ports/signer.ts";
import type { HttpRequest } from "../ports/transport.ts";

/**
 * Creates a check of `Authorization: Bearer …`.
 *
 * @param token that requests must carry.
 */
export function createBearerCheck(token: string, signer: Signer): (request: HttpRequest) => boolean {
  const expected = signer.sign(token, "bearer");
  return (request) => {
    const [, given = ""] = /^Bearer (\S+)$/i.exec(request.header("authorization") ?? "") ?? [];
    // Signatures are compared, because that takes the same time for every token.
    return given !== "" && signer.verify(given, "bearer", expected);
  };
}

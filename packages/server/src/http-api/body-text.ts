import { fail, ok, type Parsed } from "@sealcast/protocol";
import { andThen, type Awaitable } from "../core/awaitable.ts";
import { inTurns, type Turns } from "../core/turns.ts";
import type { HttpRequest } from "../ports/transport.ts";
import { slicesOf } from "./large-body.ts";

const notUtf8 = fail("invalidParameter", "Invalid body: it must be UTF-8");

// A byte order mark is a character of the data like any other.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What reading the body of a request to an app needs of it. */
interface BodyCall {
  readonly request: Pick<HttpRequest, "body">;
  readonly turns: Turns;
}

/** Returns the text of a body. Fails with `invalidParameter` if it is not UTF-8. */
export function bodyText(body: Uint8Array): Parsed<string> {
  return textOr(() => utf8.decode(body));
}

/** Returns the same for a request to an app. A large body takes several turns of the event loop. */
export function bodyTextOfCall({ request: { body }, turns }: BodyCall): Awaitable<Parsed<string>> {
  const slices = slicesOf(body);
  if (slices === undefined) return bodyText(body);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parts: string[] = [];
  let isValid = true;
  const decoded = inTurns(turns, slices, (slice) => {
    const part = isValid ? textOr(() => decoder.decode(slice, { stream: true })) : notUtf8;
    isValid = part.ok;
    if (part.ok) parts.push(part.value);
  });
  return andThen(decoded, () => (isValid ? textOr(() => parts.join("") + decoder.decode()) : notUtf8));
}

/** @param decode throws if the bytes are not UTF-8. */
function textOr(decode: () => string): Parsed<string> {
  try {
    return ok(decode());
  } catch {
    return notUtf8;
  }
}

import { base64ByteLength, isCanonicalBase64Url } from "./base64.ts";
import { isClientEvent } from "./event-name.ts";
import { ownProperties, parseJson } from "./json.ts";
import { ok, type Parsed, type Problem } from "./parsed.ts";

/** `data` of an event on a sealed channel: an envelope that the server carries and cannot open. */
export interface SealedPayload {
  /** The envelope as base64url (RFC 4648 section 5) without padding. */
  readonly sealed: string;
}

/** First byte of every envelope. */
const version = 2;
/** Second byte of an envelope: who sent the event. */
const kinds = { server: 1, client: 2 } as const;
/** Header of 34 bytes, frame of at least 25 bytes, tag of 16 bytes. */
const minEnvelopeBytes = 75;
/** One name and one value in quotation marks; further marks mean a repeated or an extra field. */
const quotationMarks = 4;

/**
 * Checks the `data` text of an event on a sealed channel: a JSON object with exactly the field `sealed`, which is
 * canonical base64url of an envelope of version 2 whose kind fits the event. The check proves a shape; only a client with
 * the key can tell whether the envelope is authentic. Fails with `notSealed`; the message names the broken rule, never
 * the data.
 *
 * @param event name of the event on the wire; `client-` events need an envelope of kind 2, all others one of kind 1.
 */
export function parseSealedPayload(event: string, text: string): Parsed<SealedPayload> {
  const json = parseJson(text, problem("expected JSON"));
  if (!json.ok) return json;
  const fields = ownProperties(json.value);
  const sealed = fields?.get("sealed");
  if (typeof sealed !== "string") return refuse("expected a JSON object with the string sealed");
  if (fields?.size !== 1 || text.split('"', quotationMarks + 2).length !== quotationMarks + 1) {
    return refuse("expected no other fields");
  }
  if (!isCanonicalBase64Url(sealed)) return refuse("expected canonical base64url without padding");
  const bytes = base64ByteLength(sealed);
  if (bytes < minEnvelopeBytes) {
    return refuse(`expected an envelope of at least ${minEnvelopeBytes} bytes, got ${bytes}`);
  }
  const [first, second] = firstBytes(sealed);
  if (first !== version) return refuse(`expected an envelope of version ${version}, got version ${first}`);
  const kind = isClientEvent(event) ? kinds.client : kinds.server;
  if (second !== kind) return refuse(`expected an envelope of kind ${kind} for this event, got kind ${second}`);
  return ok({ sealed });
}

/** The first two bytes of base64url text. */
function firstBytes(text: string): [number, number] {
  const [a, b, c] = [valueOf(text.charAt(0)), valueOf(text.charAt(1)), valueOf(text.charAt(2))];
  return [(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2)];
}

function valueOf(character: string): number {
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".indexOf(character);
}

function refuse(rule: string): { readonly ok: false; readonly error: Problem } {
  return { ok: false, error: problem(rule) };
}

function problem(rule: string): Problem {
  return { id: "notSealed", message: `Data on a sealed channel must be {"sealed"}: ${rule}` };
}

import type { AppId, SocketId, UserId } from "@sealcast/protocol";
import type { Position } from "../../../ports/broker.ts";
import type { NodeMessage } from "../../../ports/node-link.ts";

// Payloads of topics are lines: a kind, short fields without line breaks, and at the end the message as it is. The scripts
// write the same forms.

/** What arrives on a channel's topic. */
export type ChannelPayload =
  | {
      readonly kind: "message";
      readonly except: SocketId | undefined;
      readonly position: Position | undefined;
      /** Node and number of the publish, so that the publisher notices its own message. */
      readonly publish: string;
      readonly message: string;
    }
  /** Where a join takes effect in the order of messages. */
  | { readonly kind: "join"; readonly request: string };

/** What arrives on the topics of nodes. */
export type NodePayload =
  | { readonly kind: "user"; readonly app: AppId; readonly userId: UserId; readonly online: boolean }
  | { readonly kind: "told"; readonly publish: string; readonly message: NodeMessage }
  | { readonly kind: "signed-in"; readonly request: string }
  | { readonly kind: "online"; readonly request: string; readonly userIds: readonly string[] }
  | { readonly kind: "echo"; readonly request: string };

/** Encodes a message that is not kept. */
export function encodeMessage(except: SocketId | undefined, publish: string, message: string): string {
  return `p\n${except ?? ""}\n\n${publish}\n${message}`;
}

/** Encodes a message to all nodes. */
export function encodeTold(publish: string, { app, userId }: NodeMessage): string {
  return `t\n${publish}\n${app}\n${userId}`;
}

/** Encodes a request that comes back to its sender. */
export function encodeEcho(request: string): string {
  return `e\n${request}`;
}

/** Decodes what arrives on a channel's topic; undefined for anything that this version does not know. */
export function decodeChannelPayload(text: string): ChannelPayload | undefined {
  if (text.startsWith("j\n")) return { kind: "join", request: text.slice(2) };
  if (!text.startsWith("p\n")) return undefined;
  const ends = [];
  for (let at = 1; ends.length < 3 && at !== -1;) {
    at = text.indexOf("\n", at + 1);
    ends.push(at);
  }
  const [exceptEnd = -1, positionEnd = -1, publishEnd = -1] = ends;
  if (publishEnd === -1) return undefined;
  const except = text.slice(2, exceptEnd);
  return {
    kind: "message",
    except: except === "" ? undefined : (except as SocketId),
    position: decodePosition(text.slice(exceptEnd + 1, positionEnd)),
    publish: text.slice(positionEnd + 1, publishEnd),
    message: text.slice(publishEnd + 1),
  };
}

/** Decodes what arrives on the topics of nodes; undefined for anything that this version does not know. */
export function decodeNodePayload(text: string): NodePayload | undefined {
  const [kind, first = "", second = "", third = "", ...more] = text.split("\n");
  switch (kind) {
    case "u":
      return { kind: "user", app: first as AppId, userId: second as UserId, online: third === "1" };
    case "t":
      return {
        kind: "told",
        publish: first,
        message: { kind: "terminate-user", app: second as AppId, userId: third as UserId },
      };
    case "s":
      return { kind: "signed-in", request: first };
    case "o":
      return { kind: "online", request: first, userIds: [second, third, ...more].filter((id) => id !== "") };
    case "e":
      return { kind: "echo", request: first };
    case undefined:
    default:
      return undefined;
  }
}

/** Decodes `epoch:offset`; undefined for an empty text. */
function decodePosition(text: string): Position | undefined {
  const colon = text.lastIndexOf(":");
  return colon === -1 ? undefined : { epoch: text.slice(0, colon), offset: Number(text.slice(colon + 1)) };
}

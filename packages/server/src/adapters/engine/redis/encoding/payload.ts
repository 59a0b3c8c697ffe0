import type { AppId, SocketId, UserId } from "@sealcast/protocol";
import type { Position } from "../../../../ports/broker.ts";
import type { NodeMessage } from "../../../../ports/node-link.ts";
import { decodeUser } from "./user-text.ts";

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
  /** The announcement of a member. */
  | {
      readonly kind: "member";
      /** The mark of the data to which the change was made. */
      readonly mark: string;
      readonly change: "added" | "removed";
      readonly userId: string;
      readonly except: SocketId | undefined;
      readonly message: string;
    }
  /** Where a request takes effect in the order of messages. */
  | { readonly kind: "mark"; readonly request: string };

/** What arrives on the topics of nodes. */
export type NodePayload =
  | {
      readonly kind: "user";
      readonly app: AppId;
      readonly userId: UserId;
      readonly online: boolean;
      /** The mark of the data to which the change was made. */
      readonly mark: string;
    }
  | { readonly kind: "node-message"; readonly publish: string; readonly message: NodeMessage }
  | { readonly kind: "signed-in"; readonly request: string }
  | { readonly kind: "online"; readonly request: string; readonly userIds: readonly string[] }
  | { readonly kind: "echo"; readonly request: string };

/** Encodes a message that is not kept. */
export function encodeMessage(except: SocketId | undefined, publish: string, message: string): string {
  return `p\n${except ?? ""}\n\n${publish}\n${message}`;
}

/** Encodes a message to all nodes. */
export function encodeNodeMessage(publish: string, message: NodeMessage): string {
  switch (message.kind) {
    case "terminate-user":
      return `t\n${publish}\n${message.app}\n${message.userId}`;
    case "console":
      return `c\n${publish}\n${message.app}\n${message.text}`;
  }
}

/** Encodes a request that comes back to its sender. */
export function encodeEcho(request: string): string {
  return `e\n${request}`;
}

/** Decodes what arrives on a channel's topic; undefined for anything that this version does not know. */
export function decodeChannelPayload(text: string): ChannelPayload | undefined {
  switch (text.slice(0, 2)) {
    case "j\n":
      return { kind: "mark", request: text.slice(2) };
    case "p\n":
      return decodeMessage(text);
    case "a ":
      return decodeMember("added", splitFields(text, 3));
    case "r ":
      return decodeMember("removed", splitFields(text, 3));
    default:
      return undefined;
  }
}

/** Without lists in between: this is done for each message. */
function decodeMessage(text: string): ChannelPayload | undefined {
  const exceptEnd = text.indexOf("\n", 2);
  const positionEnd = text.indexOf("\n", exceptEnd + 1);
  const publishEnd = text.indexOf("\n", positionEnd + 1);
  if (exceptEnd === -1 || positionEnd === -1 || publishEnd === -1) return undefined;
  return {
    kind: "message",
    except: socketIdOf(text.slice(2, exceptEnd)),
    position: decodePosition(text.slice(exceptEnd + 1, positionEnd)),
    publish: text.slice(positionEnd + 1, publishEnd),
    message: text.slice(publishEnd + 1),
  };
}

function decodeMember(
  change: "added" | "removed",
  [kind = "", except = "", user = "", message = ""]: readonly string[],
): ChannelPayload {
  return { kind: "member", mark: kind.slice(2), change, userId: decodeUser(user), except: socketIdOf(except), message };
}

/** Splits at the first line breaks; what comes after them is one field, whatever it contains. */
function splitFields(text: string, breaks: number): readonly string[] {
  const fields: string[] = [];
  let start = 0;
  for (let count = 0; count < breaks; count += 1) {
    const end = text.indexOf("\n", start);
    if (end === -1) break;
    fields.push(text.slice(start, end));
    start = end + 1;
  }
  return [...fields, text.slice(start)];
}

function socketIdOf(text: string): SocketId | undefined {
  return text === "" ? undefined : (text as SocketId);
}

/** Decodes what arrives on the topics of nodes; undefined for anything that this version does not know. */
export function decodeNodePayload(text: string): NodePayload | undefined {
  const [kind, first = "", second = "", third = "", ...more] = text.split("\n");
  const [fourth = ""] = more;
  switch (kind) {
    case "u":
      return { kind: "user", app: first as AppId, userId: second as UserId, online: third === "1", mark: fourth };
    case "t":
      return {
        kind: "node-message",
        publish: first,
        message: { kind: "terminate-user", app: second as AppId, userId: third as UserId },
      };
    case "c":
      return {
        kind: "node-message",
        publish: first,
        message: { kind: "console", app: second as AppId, text: third },
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

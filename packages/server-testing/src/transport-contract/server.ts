import { contractSettings } from "./settings.ts";
import {
  type HttpReply,
  type HttpRequest,
  type Link,
  type LinkEvents,
  type OpenRequest,
  type ReplyStream,
  type Topic,
  type Transport,
  type TransportHandlers,
} from "@sealcast/server";

/** What a client of the contract server asks for: one command per message, as JSON. */
export type ContractCommand =
  | { readonly do: "join" | "leave"; readonly topic: string }
  | { readonly do: "publish"; readonly topic: string; readonly texts: readonly string[]; readonly exceptSelf?: boolean }
  | { readonly do: "send"; readonly texts: readonly string[] }
  | { readonly do: "close"; readonly code: number; readonly reason: string; readonly afterwards: string }
  | { readonly do: "describe" }
  | { readonly do: "fail" };

/** What the contract server has seen so far. */
export interface ContractState {
  readonly links: number;
  readonly opened: number;
  readonly closed: number;
  readonly alive: number;
  /** Code with which the transport itself closed the last link; null: the client ended it. */
  readonly lastCode: number | null;
  /** Replies that are open, and bytes that they hold. */
  readonly streams: number;
  readonly streamBytes: number;
  readonly bufferedBytes: number;
}

/** Largest body that the contract server takes, in bytes. */
export const contractBodyBytes = 2 * 1_024 * 1_024;

/** Status of what the transport refuses. */
const contractRefusals = {
  bodyTooLarge: 413,
  internal: 500,
  invalidPath: 400,
  overMemory: 503,
  webSocketHandshake: 400,
  webSocketVersion: 426,
} as const;

/** Length of what `/stream?more=N` writes N times. */
export const contractStreamBytes = 64 * 1_024;

/**
 * A server that does what its clients say: join and leave topics, publish, close. The transport contract drives it over
 * real sockets, so that it may as well run in another process or runtime.
 */
function createContractServer(transport: Transport): TransportHandlers {
  const topics = new Map<string, Topic>();
  const links = new Set<Link>();
  const streams = new Set<ReplyStream>();
  const seen = { opened: 0, closed: 0, alive: 0 };
  let lastCode: number | null = null;
  let maxMessageBytes: number = contractSettings.maxFrameBytes;

  function topicOf(name: string): Topic {
    let topic = topics.get(name);
    if (topic === undefined) {
      topic = transport.createTopic(name);
      topics.set(name, topic);
    }
    return topic;
  }

  function obey(command: ContractCommand, link: Link, request: OpenRequest): void {
    switch (command.do) {
      case "join":
        return topicOf(command.topic).add(link);
      case "leave":
        return topicOf(command.topic).remove(link);
      case "publish":
        for (const text of command.texts) {
          topicOf(command.topic).publish(text, command.exceptSelf === true ? link : undefined);
        }
        return undefined;
      case "send":
        for (const text of command.texts) link.send(text);
        return undefined;
      case "close":
        link.close(command.code, command.reason);
        return link.send(command.afterwards);
      case "describe":
        return link.send(JSON.stringify(described(request)));
      case "fail":
        throw new Error("A session failed, as the test demands");
    }
  }

  function http(request: HttpRequest): HttpReply | Promise<HttpReply> {
    const query = new URLSearchParams(request.query);
    const body = new TextDecoder().decode(request.body);
    switch (request.path) {
      case "/publish": {
        const topic = topicOf(query.get("topic") ?? "");
        const times = Number(query.get("times") ?? "1");
        for (let index = 0; index < times; index += 1) topic.publish(`${index} ${body}`, undefined);
        return reply(`${topic.size}`);
      }
      case "/limit":
        maxMessageBytes = Number(body);
        return reply("");
      case "/state":
        return reply(JSON.stringify(state()));
      case "/apps/1/events":
        return reply(JSON.stringify({ method: request.method, ...described(request), body }));
      case "/apps/1/batch_events":
      case "/echo":
      case "/signed":
        return Promise.resolve(reply(JSON.stringify({ method: request.method, ...described(request), body })));
      case "/headers":
        return reply(JSON.stringify(query.getAll("name").map((name) => request.header(name) ?? null)));
      case "/bytes":
        return { ...reply(""), body: Uint8Array.of(0, 1, 127, 128, 255) };
      case "/apps/throw/events":
      case "/throw":
        throw new Error("A request failed, as the test demands");
      case "/apps/reject/events":
      case "/reject":
        return Promise.reject(new Error("A request failed later, as the test demands"));
      case "/stream":
        return { ...reply("head\n"), stream: (stream) => openStream(stream, Number(query.get("more") ?? 0)) };
      default:
        return { status: 404, headers: {}, body: "" };
    }
  }

  function openStream(stream: ReplyStream, more: number): () => void {
    streams.add(stream);
    stream.write("one\n");
    stream.write("two\n");
    for (let count = 0; count < more; count += 1) stream.write("x".repeat(contractStreamBytes));
    return () => streams.delete(stream);
  }

  function state(): ContractState {
    const streamBytes = [...streams].reduce((bytes, stream) => bytes + stream.bufferedBytes(), 0);
    const bufferedBytes = transport.bufferedBytes();
    return { ...seen, lastCode, links: links.size, bufferedBytes, streams: streams.size, streamBytes };
  }

  return {
    maxBodyBytes: contractBodyBytes,
    get maxMessageBytes() {
      return maxMessageBytes;
    },
    http,
    refusal: (id) => ({ status: contractRefusals[id], headers: { "content-type": "text/plain" }, body: `${id}\n` }),
    checkHead: ({ path }) =>
      path === "/refused"
        ? { ok: false, reply: { ...reply("refused"), status: 403 } }
        : { ok: true, isSigned: path === "/signed" },
    isOwnPath: () => true,
    isFastPath: (path) => /^\/apps\/[^/]+\/(?:batch_)?events$/.test(path),
    allowsOrigin: () => true,
    open(request, link): LinkEvents {
      links.add(link);
      seen.opened += 1;
      return {
        receive: (text) => obey(JSON.parse(text) as ContractCommand, link, request),
        alive() {
          seen.alive += 1;
        },
        closed(reason) {
          lastCode = reason?.code ?? null;
          links.delete(link);
          for (const topic of topics.values()) topic.remove(link);
          seen.closed += 1;
        },
      };
    },
  };
}

/** The addresses of a contract server: two, which share topics and budgets. */
export interface ContractListeners {
  readonly ports: readonly [port: number, otherPort: number];
  close(): Promise<void>;
}

/** Listens on two free ports of 127.0.0.1. */
export async function listenTwice(transport: Transport): Promise<ContractListeners> {
  const handlers = createContractServer(transport);
  const [first, second] = await Promise.all([
    transport.listen({ host: "127.0.0.1", port: 0 }, handlers),
    transport.listen({ host: "127.0.0.1", port: 0 }, handlers),
  ]);
  return {
    ports: [first.address.port, second.address.port],
    close: async () => void (await Promise.all([first.close(), second.close()])),
  };
}

function described(
  request: OpenRequest | HttpRequest,
): Omit<OpenRequest, "origin"> & { readonly origin?: string | undefined } {
  const { path, query, address, secure } = request;
  return { path, query, origin: "header" in request ? request.header("origin") : request.origin, address, secure };
}

function reply(body: string): HttpReply {
  return { status: 200, headers: { "content-type": "text/plain", "x-contract": "kept" }, body };
}

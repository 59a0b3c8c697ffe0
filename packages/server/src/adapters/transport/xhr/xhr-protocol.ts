/** How a client receives: one answer that stays open, or one answer per request. */
export type XhrMode = "streaming" | "polling";

/** How answers are sent on which a client receives. */
export interface Receiving {
  /** What each answer begins with. */
  readonly prelude: string;
  /** Whether an answer ends with its first frame. */
  readonly isOneFrame: boolean;
  /** Length of an answer, in UTF-16 units as the client counts, after which no further frame is added to it. */
  readonly fullLength: number;
  /** Who ends a full answer; the client then sends another request. */
  readonly fullEndedBy: "client" | "server";
}

/** A protocol over HTTP requests: what its clients expect where they differ. */
export interface XhrProtocol extends Readonly<Record<XhrMode, Receiving>> {
  /** What happens if a client sends another request to receive on while one is open. */
  readonly secondRequest: "replaces the first" | "is refused";
}

const polling: Receiving = {
  prelude: "",
  isOneFrame: true,
  fullLength: Number.POSITIVE_INFINITY,
  fullEndedBy: "server",
};

/** The HTTP transports of pusher-js itself. */
export const pusherJsProtocol: XhrProtocol = {
  // Source: pusher-js 8, `MAX_BUFFER_LENGTH`. What is written after that is lost, so it waits.
  streaming: { prelude: "", isOneFrame: false, fullLength: 256 * 1_024, fullEndedBy: "client" },
  polling,
  secondRequest: "replaces the first",
};

/** The HTTP transports of SockJS. Source: SockJS protocol 0.3.3. */
export const sockJsProtocol: XhrProtocol = {
  // Some browsers and proxies pass nothing on before they have 2 KiB.
  streaming: {
    prelude: `${"h".repeat(2_048)}\n`,
    isOneFrame: false,
    fullLength: 128 * 1_024,
    fullEndedBy: "server",
  },
  polling,
  secondRequest: "is refused",
};

/*
 * Failures that come instead of an answer: what they mean, and which requests may be sent again.
 */

interface FailureKind {
  /** Codes of Node.js, OpenSSL and Bun. */
  readonly codes: readonly string[];
  /** Text of the error, for runtimes that give no code: Deno, workerd. */
  readonly text?: RegExp;
  readonly meaning: string;
  /**
   * Which requests may be sent again. `any`: the server cannot have received this one, and may be back soon;
   * `idempotent`: the server may have received it; `none`: waiting does not help, a setting is wrong.
   */
  readonly repeat: Repeatable;
}

/** Which requests may be sent again after a failure. */
export type Repeatable = "any" | "idempotent" | "none";

const kinds: readonly FailureKind[] = [
  {
    codes: ["ECONNREFUSED", "ConnectionRefused"],
    text: /connection refused/i,
    meaning: "connection refused: no server listens on this host and port",
    repeat: "any",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN"],
    text: /failed to lookup address|name resolution|dns error/i,
    meaning: "the host name cannot be resolved",
    repeat: "any",
  },
  {
    codes: ["EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"],
    text: /(no route to host|network is unreachable)/i,
    meaning: "the host cannot be reached over the network",
    repeat: "any",
  },
  {
    codes: ["FailedToOpenSocket"],
    meaning: "the connection could not be opened: the host does not resolve or does not listen",
    repeat: "any",
  },
  {
    codes: ["EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"],
    text: /wrong version number|packet length too long|InvalidContentType|invalid HTTP version/i,
    meaning: "the server answered without TLS: set useTLS to false",
    repeat: "none",
  },
  {
    codes: ["CERT_HAS_EXPIRED"],
    text: /certificate (has )?expired/i,
    meaning: "the server's certificate has expired",
    repeat: "none",
  },
  {
    codes: ["ERR_TLS_CERT_ALTNAME_INVALID"],
    text: /not valid for name|NotValidForName/i,
    meaning: "the server's certificate is for another host name",
    repeat: "none",
  },
  {
    codes: [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNKNOWN_CERTIFICATE_VERIFICATION_ERROR",
    ],
    text: /UnknownIssuer|certificate/i,
    meaning: "the server's certificate is not trusted (self-signed, or its authority is unknown)",
    repeat: "none",
  },
  {
    codes: ["HPE_INVALID_CONSTANT", "HPE_INVALID_VERSION", "HPE_INVALID_HEADER_TOKEN", "Malformed_HTTP_Response"],
    text: /parse error|malformed.?http|invalid http/i,
    meaning: "the answer is not HTTP: if this port speaks TLS, set useTLS to true",
    repeat: "none",
  },
  {
    codes: ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "ConnectionClosed"],
    text: /socket (hang up|connection was closed)|connection (closed|reset)/i,
    meaning: "the connection was closed before an answer came: wrong port, or the server stopped",
    repeat: "idempotent",
  },
];

/** Returns what a failure means, in words for the application's developer. */
export function describeFailure(error: unknown): string {
  return kindOf(error)?.meaning ?? codesOf(error)[0] ?? "the runtime gave no reason";
}

/** Returns which requests may be sent again after a failure; `idempotent` for a failure that is not known. */
export function repeatableRequests(error: unknown): Repeatable {
  return kindOf(error)?.repeat ?? "idempotent";
}

/** Codes first: they are exact, and a text may mention several things. */
function kindOf(error: unknown): FailureKind | undefined {
  const codes = codesOf(error);
  const byCode = kinds.find((kind) => kind.codes.some((code) => codes.includes(code)));
  if (byCode !== undefined || codes.length > 0) return byCode;
  const text = textsOf(error).join("\n");
  return kinds.find((kind) => kind.text?.test(text) === true);
}

/** The codes of an error, of its causes, and of the errors that it collects: one for each address that was tried. */
function codesOf(error: unknown): readonly string[] {
  return chainOf(error).flatMap((link) => ("code" in link && typeof link.code === "string" ? [link.code] : []));
}

function textsOf(error: unknown): readonly string[] {
  return chainOf(error).map(({ message }) => message);
}

function chainOf(error: unknown): readonly Error[] {
  if (!(error instanceof Error)) return [];
  const collected = error instanceof AggregateError ? error.errors.flatMap(chainOf) : [];
  return [error, ...collected, ...chainOf(error.cause)];
}

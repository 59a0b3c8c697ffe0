import { limits, parseChannelName, traitsOf } from "@sealcast/protocol";
import type { Sealcast } from "../sealcast.ts";
import { SealcastError } from "../sealcast-error.ts";
import { answerJson, answerPreflight, refuse } from "./answer.ts";
import { parseAuthRequest, type AuthRequest, type ChannelsRequest } from "./auth-request.ts";
import { readUser, type AuthUser } from "./auth-user.ts";
import { checkAuthOptions } from "./auth-options.ts";
import { checkOrigin, type AllowedOrigins } from "./origin.ts";
import { readForm } from "./read-form.ts";
import { refusedOriginReporter, refusedOriginText } from "./refused-origin.ts";

/** One subscription that a user asks for. */
export interface AuthAttempt<User extends AuthUser> {
  readonly user: User;
  /** A valid channel name. */
  readonly channel: string;
  readonly socketId: string;
  readonly request: Request;
}

/** Options of {@link createAuthHandler}. */
export interface AuthHandlerOptions<User extends AuthUser> {
  readonly sealcast: Sealcast;
  /**
   * Finds out who sends a request, by its session cookie or token. Returns a user with an `id`, or null, undefined or
   * false if nobody is signed in (status 401). Any other value is a mistake: it is reported to `onError` and answered
   * with 500.
   */
  readonly authenticate: (request: Request) => Authentication<User> | Promise<Authentication<User>>;
  /** Returns whether this user may read this channel. Only `true` grants access. */
  readonly authorize: (attempt: AuthAttempt<User>) => boolean | Promise<boolean>;
  /**
   * Origins of pages, besides the endpoint's own, that may send requests with the user's cookies:
   * `["https://app.example.com"]`. `"any"` allows every page, without cookies: for endpoints that identify users by a
   * token in a header. Default: none.
   */
  readonly origins?: AllowedOrigins;
  /**
   * Called with every error of `authenticate` and `authorize`; the client gets status 500. Also called once for each
   * origin that is refused. Default: writes it to the console.
   */
  readonly onError?: (error: unknown) => void;
}

/** The result of `authenticate`: a user, or nobody. */
export type Authentication<User extends AuthUser> = User | null | undefined | false;

/** An HTTP endpoint of the Fetch standard. */
export type AuthHandler = (request: Request) => Promise<Response>;

/**
 * Creates the endpoint that clients call before they subscribe or sign in: for one channel, for several at once, and for
 * users. It answers only POST (and preflight requests), checks the origin of the calling page, and validates socket id and
 * channel name. It signs nothing unless `authenticate` returns a user and, for channels, `authorize` returns true.
 *
 * @throws {SealcastError} `invalid-options` that names the option which is missing, unknown or not valid.
 * @example
 * ```ts
 * const handler = createAuthHandler({
 *   sealcast,
 *   authenticate: (request) => sessions.get(request.headers.get("cookie")), // a user with an id, or undefined
 *   authorize: ({ user, channel }) => channel === `private-orders-${user.id}`,
 * });
 * app.all("/pusher/auth", expressHandler(handler));
 * ```
 */
export function createAuthHandler<User extends AuthUser>(options: AuthHandlerOptions<User>): AuthHandler {
  checkAuthOptions(options);
  const { origins = [], onError = writeError } = options;
  const reportRefused = refusedOriginReporter(onError);
  return async (request) => {
    const origin = checkOrigin(request, origins);
    if (!origin.allowed) {
      reportRefused(origin.found);
      if (request.method === "OPTIONS" && origin.isDevelopment) return answerPreflight(request, origin.headers);
      return refuse(403, refusedOriginText(origin.found), origin.headers);
    }
    if (request.method === "OPTIONS") return answerPreflight(request, origin.headers);
    if (request.method !== "POST")
      return refuse(405, "This endpoint answers only POST", { ...origin.headers, allow: "POST" });
    const form = await readForm(request);
    if (!form.ok) return refuse(form.status, form.error, origin.headers);
    const asked = parseAuthRequest(form.fields);
    if (asked.kind === "malformed") return refuse(400, asked.error, origin.headers);
    try {
      const user = readUser(await options.authenticate(request));
      if (user === undefined) return refuse(401, "Nobody is signed in", origin.headers);
      const answer = await answerFor(options, request, user, asked, onError);
      return answerJson(answer.status, answer.body, origin.headers);
    } catch (error) {
      onError(error);
      return refuse(500, "The authorization could not be decided", origin.headers);
    }
  };
}

/** An error of this library says everything in its message; one of the application needs its stack. */
function writeError(error: unknown): void {
  console.error("Authorization failed:", error instanceof SealcastError ? error.message : error);
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function answerFor<User extends AuthUser>(
  options: AuthHandlerOptions<User>,
  request: Request,
  user: User,
  asked: Exclude<AuthRequest, { kind: "malformed" }>,
  onError: (error: unknown) => void,
): Promise<Answer> {
  if (asked.kind === "user") return { status: 200, body: signIn(options.sealcast, asked.socketId, user) };
  const authorizeOne = (channel: string): Promise<Answer> => authorize(options, request, user, asked, channel);
  if (asked.kind === "channel") return authorizeOne(asked.channels[0]);
  const answers = asked.channels.map(async (channel) => {
    const { status, body } = await authorizeOne(channel).catch((error: unknown) => {
      onError(error);
      return { status: 500, body: { error: "The authorization could not be decided" } };
    });
    return [channel, { status, ...body }] as const;
  });
  return { status: 200, body: { channels: Object.fromEntries(await Promise.all(answers)) } };
}

async function authorize<User extends AuthUser>(
  options: AuthHandlerOptions<User>,
  request: Request,
  user: User,
  { socketId, endToEnd }: ChannelsRequest,
  channel: string,
): Promise<Answer> {
  const checked = parseChannelName(channel, limits.channelNameLengthCeiling);
  if (!checked.ok) return { status: 403, body: { error: checked.error.message } };
  const { auth, members } = traitsOf(channel);
  if (auth !== "signature") return { status: 403, body: { error: `Channel ${channel} needs no authorization` } };
  const decision: unknown = await options.authorize({ user, channel, socketId, request });
  if (decision !== true) {
    return { status: 403, body: { error: `Channel ${channel} is not allowed for this user` } };
  }
  const presence = members ? { user_id: user.id, user_info: user.user_info } : undefined;
  return { status: 200, body: options.sealcast.authorizeChannel(socketId, channel, presence, { endToEnd }) };
}

function signIn(sealcast: Sealcast, socketId: string, { id, user_info, watchlist }: AuthUser): object {
  return sealcast.authenticateUser(socketId, {
    id,
    ...(user_info === undefined ? {} : { user_info }),
    ...(watchlist === undefined ? {} : { watchlist }),
  });
}

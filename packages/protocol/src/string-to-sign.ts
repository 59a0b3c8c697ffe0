/**
 * Returns the string to sign for a subscription. Source: Channels documentation, authorizing users.
 *
 * @param channelData the exact text that travels as `channel_data`, if there is one.
 * @example
 * channelStringToSign("1.2", "private-orders"); // "1.2:private-orders"
 */
export function channelStringToSign(socketId: string, channel: string, channelData?: string): string {
  return channelData === undefined ? `${socketId}:${channel}` : `${socketId}:${channel}:${channelData}`;
}

/**
 * Returns the string to sign for a sign-in.
 *
 * @param userData the exact text that travels as `user_data`.
 * @example
 * userStringToSign("1.2", '{"id":"ada"}'); // '1.2::user::{"id":"ada"}'
 */
export function userStringToSign(socketId: string, userData: string): string {
  return `${socketId}::user::${userData}`;
}

/** One decoded parameter of a query. */
export type QueryParameter = readonly [name: string, value: string];

/**
 * Returns the string to sign for a request to the HTTP API: the method in upper case, the path, and the decoded
 * parameters with their names in lower case, sorted by name, without `auth_signature`. Parameters with the same name keep their order.
 *
 * @param path as on the request line, without the query.
 * @example
 * requestStringToSign("GET", "/apps/1001/channels", [["auth_version", "1.0"], ["auth_key", "app-key"]]);
 * // "GET\n/apps/1001/channels\nauth_key=app-key&auth_version=1.0"
 */
export function requestStringToSign(method: string, path: string, parameters: readonly QueryParameter[]): string {
  const signed = parameters
    .map(([name, value]): QueryParameter => [name.toLowerCase(), value])
    .filter(([name]) => name !== "auth_signature")
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  let query = "";
  for (const [name, value] of signed) query += query === "" ? `${name}=${value}` : `&${name}=${value}`;
  return `${method.toUpperCase()}\n${path}\n${query}`;
}

/**
 * The app of a server without a configuration. Everybody knows its credentials, so they are refused on any address but
 * loopback. The id is digits because the official Python library accepts nothing else.
 */
export const defaultApp = {
  id: "1001",
  key: "app-key",
  secret: "app-secret",
  clientEvents: true,
  subscriptionCount: true,
  watchlistEvents: true,
} as const;

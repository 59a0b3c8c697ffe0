/** Time without a message after which a client is sent a heartbeat, so that it and the proxies in between know that the server lives. */
export const heartbeatMs = 25_000;

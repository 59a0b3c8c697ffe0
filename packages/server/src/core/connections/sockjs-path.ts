/** Any prefix, `/pusher`, a number for load balancers, which the server ignores, and the session that the client chose. */
const sessionPath = /\/pusher\/[^/.]{1,64}\/([^/.]{1,64})\/[a-z_]+$/;
const infoPath = /\/pusher\/info$/;
/** As {@link sessionPath}. What ends in `/app/{key}` is the path of a WebSocket without SockJS. */
const socketPath = /\/pusher\/[^/.]{1,64}\/(?!app\/)[^/.]{1,64}\/websocket$/;

/** Returns the session of a path `{prefix}/pusher/{number}/{session}/{transport}`, or undefined for any other path. */
export function sessionOfPath(path: string): string | undefined {
  return sessionPath.exec(path)?.[1];
}

/** Whether clients of SockJS ask here what the server offers. */
export function isInfoPath(path: string): boolean {
  return infoPath.test(path);
}

/** Whether a WebSocket at this path speaks SockJS. */
export function isSocketPath(path: string): boolean {
  return socketPath.test(path);
}

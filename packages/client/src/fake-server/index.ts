export { FakeServer, type FakeServerOptions, type FakeUser } from "./fake-server.ts";
export type { ReceivedMessage } from "./fake-connection.ts";

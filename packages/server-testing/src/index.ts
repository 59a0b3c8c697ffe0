export { DelayedEngine } from "./delayed-engine.ts";
export { FakeClient } from "./fake-client.ts";
export { FakeClock } from "./fake-clock.ts";
export { FakeLink, type ReceivedFrame } from "./fake-link.ts";
export { FakeTransport } from "./fake-transport.ts";
export {
  channelAuth,
  hmac,
  signedQuery,
  testCredential,
  userAuth,
  type Credential,
  type RequestToSign,
} from "./signatures.ts";
export {
  startSocketless,
  type LoggedLine,
  type SocketlessOptions,
  type SocketlessServer,
} from "./socketless-server.ts";
export {
  silentLog,
  startServer,
  testApp,
  testLimits,
  type TestServer,
  type TestServerOptions,
} from "./start-server.ts";

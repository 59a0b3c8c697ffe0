export { DelayedEngine } from "./delayed-engine.ts";
export { startDelayed } from "./delayed-server.ts";
export { FakeClient } from "./fake-client.ts";
export { FakeClock } from "./fake-clock.ts";
export { FakeLink, type ReceivedFrame } from "./fake-link.ts";
export { FakeRandom } from "./fake-random.ts";
export { FakeTransport, type FakeRequest, type TextReply } from "./fake-transport.ts";
export { freePort } from "./free-port.ts";
export { ignoredEvents } from "./ignored-events.ts";
export { MemoryCluster, type MemoryClusterNode } from "./memory-cluster.ts";
export { ShortTurns } from "./short-turns.ts";
export { RecordingObserver } from "./recording-observer.ts";
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
  testSettings,
  type TestServer,
  type TestServerOptions,
} from "./start-server.ts";

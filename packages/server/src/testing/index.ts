export {
  silentLog,
  startServer,
  testApp,
  testLimits,
  type TestServer,
  type TestServerOptions,
} from "./start-server.ts";

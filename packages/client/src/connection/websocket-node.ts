/** The WebSocket class for Node.js, which has none of its own before version 22. */
export { WebSocket } from "ws";

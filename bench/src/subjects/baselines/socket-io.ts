/** Baseline: socket.io with rooms, in its own protocol. */
import { createServer } from "node:http";
import { Server } from "socket.io";
import { publishEndpoint } from "./publish-endpoint.ts";

const server = createServer(
  publishEndpoint(({ channel, name, data }) => {
    io.to(channel).emit(name, { channel, data });
  }),
);
const io = new Server({ transports: ["websocket"], pingInterval: 300_000, serveClient: false });
io.on("connection", (socket) => {
  socket.on("subscribe", (channel: string) => {
    void socket.join(channel);
    socket.emit("subscribed", channel);
  });
});
io.attach(server);
server.listen(Number(process.argv[2]), "127.0.0.1");

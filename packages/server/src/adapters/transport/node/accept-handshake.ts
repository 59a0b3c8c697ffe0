import { createHash } from "node:crypto";

/** What a server adds to the key of a handshake (RFC 6455, 1.3). */
const handshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Returns the head of the answer that accepts a handshake. */
export function acceptHandshake(key: string, subProtocol: string | undefined): string {
  const accept = createHash("sha1")
    .update(key + handshakeGuid)
    .digest("base64");
  const protocol = subProtocol === undefined ? "" : `Sec-WebSocket-Protocol: ${subProtocol}\r\n`;
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${protocol}\r\n`;
}

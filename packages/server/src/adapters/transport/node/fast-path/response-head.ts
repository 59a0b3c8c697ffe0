import { STATUS_CODES } from "node:http";
import type { HttpReply } from "../../../../ports/transport.ts";

/** The status line and header fields of a complete reply, without the empty line that ends a head. */
export function responseHead({ status, headers, body }: HttpReply): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return head;
}

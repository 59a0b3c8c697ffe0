import { STATUS_CODES } from "node:http";
import { httpDate } from "../../http/http-date.ts";
import type { HttpReply } from "../../../../ports/transport.ts";

/** The status line and header fields of a complete reply, without the empty line that ends a head. */
export function responseHead({ status, headers, body }: HttpReply): string {
  const statusLine = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  let head = `${statusLine}content-length: ${Buffer.byteLength(body)}\r\ndate: ${httpDate()}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  return head;
}

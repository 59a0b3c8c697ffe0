import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** Options of a request whose body is a stream. `fetch` requires `duplex`, which the types of browsers lack. */
export const streamed = { method: "POST", duplex: "half" } as const;

/** Opens a connection that ends with the test. */
export function openSocket(port: number): Socket {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Reads this number of response bodies. Each is a flat JSON object. */
export async function bodiesFrom(socket: Socket, answers: number): Promise<string[]> {
  const bodies: string[] = [];
  let text = "";
  while (bodies.length < answers) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    text += chunk.toString();
    bodies.push(...(text.match(/\{[^}]*\}/g) ?? []));
    text = text.slice(text.lastIndexOf("}") + 1);
  }
  return bodies;
}

/** What a socket receives up to and including `end`. */
export async function textUntil(socket: Socket, end: string): Promise<string> {
  let text = "";
  while (!text.includes(end)) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    text += chunk.toString();
  }
  return text;
}

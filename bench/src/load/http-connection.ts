import { connect, type Socket } from "node:net";

/** A kept-alive HTTP connection that sends ready-made requests one at a time and reads only what it must of the answers. */
export class HttpConnection {
  readonly #socket: Socket;
  #answer = "";
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => this.#read(text));
    this.#socket.on("error", (error) => this.#settle(error));
    this.#socket.on("close", () => this.#settle(new Error("The server closed a publisher's connection")));
  }

  /** Resolves when the connection stands. */
  static async open(port: number): Promise<HttpConnection> {
    const connection = new HttpConnection(port);
    await new Promise<void>((resolve, reject) => {
      connection.#socket.once("connect", resolve);
      connection.#socket.once("error", reject);
    });
    return connection;
  }

  /** Sends one request and resolves with its answer's end; rejects when the status is not 200. */
  post(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#answer = this.#answer === "" ? text : this.#answer + text;
    const headEnd = this.#answer.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const length = /content-length: *(\d+)/i.exec(this.#answer)?.[1];
    if (length === undefined)
      return this.#settle(new Error(`Cannot read an answer without Content-Length: ${this.#answer.slice(0, 200)}`));
    if (this.#answer.length < headEnd + 4 + Number(length)) return;
    const ok = this.#answer.startsWith("HTTP/1.1 200");
    const refusal = ok ? undefined : new Error(`A publish was refused: ${this.#answer.slice(0, 500)}`);
    this.#answer = "";
    this.#settle(refusal);
  }

  #settle(error?: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (error) waiting?.reject(error);
    else waiting?.resolve();
  }
}

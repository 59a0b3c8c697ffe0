import type PusherModule from "pusher-js";
import type { PageSettings } from "../page-settings.ts";
import type { KeyChange, Message } from "../room-events.ts";
import { MessageCount } from "./message-count.ts";
import { watchWire } from "./watch-wire.ts";

/** The browser build of the official pusher-js, loaded by the page. */
declare const Pusher: typeof PusherModule.default;

const messages = element("messages");
const status = element("status");
const form = element("form") as HTMLFormElement;
const input = element("text") as HTMLInputElement;
const rotate = element("rotate") as HTMLButtonElement;
const count = new MessageCount();
let keyChangedAt: string | undefined;

const settings = (await (await fetch("settings")).json()) as PageSettings;
element("name").textContent = settings.name;

const pusher = new Pusher(settings.key, {
  wsHost: settings.host,
  wsPort: settings.port,
  forceTLS: false,
  enabledTransports: ["ws"],
  cluster: "self",
  channelAuthorization: { endpoint: "auth", transport: "ajax" },
});

const channel = pusher.subscribe(settings.room);
channel.bind("message", (decrypted: unknown) => {
  showMessage(decrypted);
  showCount();
});
channel.bind("key-changed", ({ changedAt }: KeyChange) => {
  keyChangedAt = new Date(changedAt).toLocaleTimeString();
  showCount();
});
channel.bind("pusher:subscription_succeeded", () => {
  input.disabled = false;
  rotate.disabled = false;
  input.focus();
});
channel.bind("pusher:subscription_error", () => showStatus("refused"));
pusher.connection.bind("state_change", ({ current }: { current: string }) => showStatus(current));
watchWire(settings, element("frames"));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send(input.value);
});

rotate.addEventListener("click", () => void rotateKey());

/** The field is free at once: while the key changes, a message waits in the backend. */
async function send(text: string): Promise<void> {
  input.value = "";
  const headers = { "Content-Type": "application/json" };
  const problem = await ask("messages", { headers, body: JSON.stringify({ text }) });
  showStatus(problem === undefined ? pusher.connection.state : `not sent: ${problem}`);
  if (problem !== undefined && input.value === "") input.value = text;
}

/** Asks the backend for a new key. What users write meanwhile waits there for about a second. */
async function rotateKey(): Promise<void> {
  element("key").textContent = "Changing the key…";
  const problem = await ask("rotate");
  if (problem !== undefined) element("key").textContent = `No new key: ${problem}`;
}

/** Asks the backend to do something, and gives what kept it from it. */
async function ask(path: string, request: RequestInit = {}): Promise<string | undefined> {
  try {
    const answer = await fetch(path, { ...request, method: "POST" });
    return answer.ok ? undefined : await answer.text();
  } catch {
    return "the chat does not answer";
  }
}

function showStatus(text: string): void {
  status.textContent = text;
  status.dataset["state"] = text;
}

function showCount(): void {
  const { received, sent } = count;
  element("count").textContent = `${received} of ${sent} messages received`;
  if (keyChangedAt === undefined) return;
  const lost = received === sent ? "nothing lost" : `${sent - received} missing`;
  const text = `Key changed at ${keyChangedAt}, ${lost}`;
  const line = element("key");
  // Screen readers say what is written here, so nothing is written twice.
  if (line.textContent !== text) line.textContent = text;
}

/** Adds what pusher-js decrypted. Another publisher with the key may send anything; it is shown as JSON. */
function showMessage(decrypted: unknown): void {
  const message = isMessage(decrypted) ? decrypted : undefined;
  if (message !== undefined) count.add(message.number);
  const item = document.createElement("li");
  item.className = message?.from === settings.name ? "own" : "other";
  const author = document.createElement("span");
  author.className = "author";
  author.textContent = message?.from ?? "another publisher";
  const text = document.createElement("p");
  text.textContent = message?.text ?? JSON.stringify(decrypted);
  item.append(author, text);
  if (message !== undefined) item.append(timeOf(message));
  messages.append(item);
  messages.scrollTop = messages.scrollHeight;
}

function timeOf({ sentAt }: Message): HTMLTimeElement {
  const time = document.createElement("time");
  const date = new Date(sentAt);
  time.dateTime = date.toISOString();
  time.textContent = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return time;
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const { from, text, sentAt, number } = value as Record<string, unknown>;
  return (
    typeof from === "string" && typeof text === "string" && typeof sentAt === "number" && typeof number === "number"
  );
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element with the id ${id}`);
  return found;
}

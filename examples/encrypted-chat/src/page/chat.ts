import type PusherModule from "pusher-js";
import type { PageSettings } from "../page-settings.ts";
import { watchWire } from "./watch-wire.ts";

/** The browser build of the official pusher-js, loaded by the page. */
declare const Pusher: typeof PusherModule.default;

/** What the backend encrypts for everybody in the room. */
interface Message {
  readonly from: string;
  readonly text: string;
  readonly sentAt: number;
}

const messages = element("messages");
const status = element("status");
const form = element("form") as HTMLFormElement;
const input = element("text") as HTMLInputElement;

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
channel.bind("message", showMessage);
channel.bind("pusher:subscription_succeeded", () => {
  input.disabled = false;
  input.focus();
});
channel.bind("pusher:subscription_error", () => showStatus("refused"));
pusher.connection.bind("state_change", ({ current }: { current: string }) => showStatus(current));
watchWire(settings, element("frames"));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send(input.value);
});

async function send(text: string): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("messages", { method: "POST", headers, body: JSON.stringify({ text }) });
  if (answer.ok) input.value = "";
  else showStatus(`not sent: ${await answer.text()}`);
}

function showStatus(text: string): void {
  status.textContent = text;
  status.dataset["state"] = text;
}

/** Adds what pusher-js decrypted. Another publisher with the key may send anything; it is shown as JSON. */
function showMessage(decrypted: unknown): void {
  const message = isMessage(decrypted) ? decrypted : undefined;
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
  const { from, text, sentAt } = value as Record<string, unknown>;
  return typeof from === "string" && typeof text === "string" && typeof sentAt === "number";
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element with the id ${id}`);
  return found;
}

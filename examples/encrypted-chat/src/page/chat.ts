import type { PageSettings } from "../page-settings.ts";
import { schemeIn } from "../room-channels.ts";
import type { History, KeyChange } from "../room-events.ts";
import { connect } from "./chat-client.ts";
import { MessageList } from "./message-list.ts";
import { People } from "./people.ts";
import { watchWire } from "./watch-wire.ts";

const status = element("status");
const form = element("form") as HTMLFormElement;
const input = element("text") as HTMLInputElement;
const rotate = element("rotate") as HTMLButtonElement;
let keyChangedAt: string | undefined;

/** Every request of this page tells the backend which channels the page uses. */
const query = location.search;
const settings = (await (await fetch(`settings${query}`)).json()) as PageSettings;
element("name").textContent = settings.name;
element(schemeIn(query)).hidden = false;

const client = await connect(settings);
const messages = new MessageList(element("messages"), settings.name);
const people = new People(client, settings, element("people"));

const channel = client.subscribe(settings.room);
channel.bind("message", (decrypted: unknown) => {
  messages.add(decrypted);
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
channel.bind("pusher:subscription_error", () => showStatus("refused: reload the page, or log in again"));
client.subscribe(settings.history).bind("history", (history: History) => {
  for (const message of history.messages) messages.add(message);
  showCount();
});
client.connection.bind("state_change", ({ current }: { current: string }) => showStatus(current));
showStatus(client.connection.state);
watchWire(settings, element("frames"));

input.addEventListener("input", () => people.typing());

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void send(input.value);
});

rotate.addEventListener("click", () => void rotateKey());

/** Sends a message. The field is free at once: while the key changes, a message waits in the backend. */
async function send(text: string): Promise<void> {
  input.value = "";
  people.sent();
  const headers = { "Content-Type": "application/json" };
  const problem = await ask("messages", { headers, body: JSON.stringify({ text }) });
  showStatus(problem === undefined ? client.connection.state : `not sent: ${problem}`);
  if (problem !== undefined && input.value === "") input.value = text;
}

/** Asks the backend for a new key. Messages wait there for about a second. */
async function rotateKey(): Promise<void> {
  element("key").textContent = "Changing the key…";
  const problem = await ask("rotate");
  if (problem !== undefined) element("key").textContent = `No new key: ${problem}`;
}

/** Sends a request to the backend. Returns the problem if it did not succeed. */
async function ask(path: string, request: RequestInit = {}): Promise<string | undefined> {
  try {
    const answer = await fetch(path + query, { ...request, method: "POST" });
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
  const { received, sent } = messages;
  element("count").textContent = `${received} of ${sent} messages received`;
  if (keyChangedAt === undefined) return;
  const lost = received === sent ? "nothing lost" : `${sent - received} missing`;
  const text = `Key changed at ${keyChangedAt}, ${lost}`;
  const line = element("key");
  // Screen readers read every change aloud, so the same text is not written twice.
  if (line.textContent !== text) line.textContent = text;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element with the id ${id}`);
  return found;
}

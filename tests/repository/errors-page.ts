import { closeReasons, errorCatalogue, type CloseReason, type ErrorRow } from "@sealcast/protocol";

/** The text of `docs/errors.md`, made from the catalogue and the close reasons. */
export function errorsPage(): string {
  const closes = Object.entries<CloseReason>(closeReasons)
    .toSorted(([, a], [, b]) => a.code - b.code)
    .map(
      ([id, { code, retry, message, fix }]) => `| ${code} | \`${id}\` | ${message} | ${closeRetries[retry]} | ${fix} |`,
    );
  const errors = Object.entries<ErrorRow>(errorCatalogue).map(
    ([id, { code, status, retry, meaning, fix }]) =>
      `| \`${id}\` | ${code ?? ""} | ${status} | ${meaning} | ${retry === "later" ? "may pass by itself" : "after a fix"} | ${fix} |`,
  );
  return `# Errors and closes

Made from \`error-catalogue.ts\` and \`close-reason.ts\` in \`packages/protocol/src\`; \`npx vitest run tests/repository -u\` updates it.

## Closes

The server closes a connection with a code and a reason. Client libraries decide by the code: below 4000 and from 4100 to
4199 they reconnect after a pause, from 4200 to 4299 at once, from 4000 to 4099 never.

| Code | Name | Reason | The client reconnects | What to do |
|---|---|---|---|---|
${closes.join("\n")}

## Errors

The server answers a refused message with the event \`pusher:error\`; the connection stays open. The event's \`code\` is null
unless the table has one; its \`message\` says what is wrong with this message. The server answers a refused request to the
HTTP API with the status and the same message as plain text. After a refused subscription, its channel also receives
\`pusher:subscription_error\` with the status.

| Name | Code | Status | Meaning | Try again | What to do |
|---|---|---|---|---|---|
${errors.join("\n")}
`;
}

const closeRetries = {
  never: "no",
  "with-back-off": "after a pause",
  "at-once": "at once",
} as const satisfies Record<CloseReason["retry"], string>;

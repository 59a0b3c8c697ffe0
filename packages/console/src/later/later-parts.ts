/**
 * What no page shows at first: it is loaded when the first page has been drawn, or earlier if an operator opens it. It also
 * has the code that opens encrypted events.
 */
export { AppsPage } from "../apps/apps-page.tsx";
export { NewCredentialsDialog } from "../apps/new-credentials.tsx";
export { NoApp } from "../apps/no-app.tsx";
export { ChannelsPage } from "../channels/channels-page.tsx";
export { ConnectionsPage } from "../connections/connections-page.tsx";
export { KeysPage } from "../keys/keys-page.tsx";
export { EntryPanel } from "../log/entry-panel.tsx";
export { EventCreator } from "../log/event-creator.tsx";
export { MetricsPage } from "../metrics/metrics-page.tsx";
export { GettingStartedPage } from "../start/getting-started-page.tsx";
export { UnlockDialog } from "../unlock/unlock-dialog.tsx";
export { WebhooksPage } from "../webhooks/webhooks-page.tsx";

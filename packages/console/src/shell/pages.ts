import type { FunctionComponent } from "preact";
import { later } from "../later/later.tsx";
import { LogPage } from "../log/log-page.tsx";
import { OverviewPage } from "../overview/overview-page.tsx";
import type { IconName } from "./icon.tsx";

/** A page of the console. */
export interface Page {
  /** Its name in the address. */
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  readonly content: FunctionComponent;
}

/** Every page, in the order of the navigation. The first one opens by default. */
export const pages: readonly Page[] = [
  { id: "overview", label: "Overview", icon: "overview", content: OverviewPage },
  { id: "log", label: "Live log", icon: "log", content: LogPage },
  { id: "channels", label: "Channels", icon: "channels", content: later((parts) => parts.ChannelsPage) },
  { id: "connections", label: "Connections", icon: "connections", content: later((parts) => parts.ConnectionsPage) },
  { id: "webhooks", label: "Webhooks", icon: "webhooks", content: later((parts) => parts.WebhooksPage) },
  { id: "metrics", label: "Metrics", icon: "metrics", content: later((parts) => parts.MetricsPage) },
  { id: "keys", label: "Key rotation", icon: "key", content: later((parts) => parts.KeysPage) },
  { id: "apps", label: "Apps", icon: "apps", content: later((parts) => parts.AppsPage) },
  {
    id: "getting-started",
    label: "Getting started",
    icon: "start",
    content: later((parts) => parts.GettingStartedPage),
  },
];

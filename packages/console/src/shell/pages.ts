import type { FunctionComponent } from "preact";
import { ChannelsPage } from "../channels/channels-page.tsx";
import { ConnectionsPage } from "../connections/connections-page.tsx";
import { AppsPage } from "../apps/apps-page.tsx";
import { KeysPage } from "../keys/keys-page.tsx";
import { LogPage } from "../log/log-page.tsx";
import { MetricsPage } from "../metrics/metrics-page.tsx";
import { OverviewPage } from "../overview/overview-page.tsx";
import { GettingStartedPage } from "../start/getting-started-page.tsx";
import { WebhooksPage } from "../webhooks/webhooks-page.tsx";
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
  { id: "channels", label: "Channels", icon: "channels", content: ChannelsPage },
  { id: "connections", label: "Connections", icon: "connections", content: ConnectionsPage },
  { id: "webhooks", label: "Webhooks", icon: "webhooks", content: WebhooksPage },
  { id: "metrics", label: "Metrics", icon: "metrics", content: MetricsPage },
  { id: "keys", label: "Keys", icon: "key", content: KeysPage },
  { id: "apps", label: "Apps", icon: "apps", content: AppsPage },
  { id: "getting-started", label: "Getting started", icon: "start", content: GettingStartedPage },
];

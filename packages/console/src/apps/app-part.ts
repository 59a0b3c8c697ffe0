import type { AppDetail } from "@sealcast/server/console";

/** A part of the page of an app. */
export interface AppPartProps {
  readonly detail: AppDetail;
  readonly mayChange: boolean;
  /** Called after a change. */
  readonly onChange: () => void;
}

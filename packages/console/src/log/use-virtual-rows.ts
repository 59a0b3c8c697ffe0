import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from "@tanstack/virtual-core";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

/** Which rows of a long list are in view. */
export interface VirtualRows {
  readonly rows: readonly VirtualItem[];
  readonly totalHeight: number;
}

/**
 * Finds the rows of a scrolling list that are in view, so that only these are in the page.
 *
 * @param scroller the element that scrolls.
 * @param count number of rows.
 * @param rowHeight height of each row, in pixels.
 */
export function useVirtualRows(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number): VirtualRows {
  const [, redraw] = useState(0);
  const virtualizer = useRef<Virtualizer<HTMLElement, HTMLElement>>(undefined);
  const options = {
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => scroller.current,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    overscan: 10,
    onChange: () => redraw((round) => round + 1),
  };
  virtualizer.current ??= new Virtualizer<HTMLElement, HTMLElement>(options);
  virtualizer.current.setOptions(options);
  useEffect(() => {
    const stop = virtualizer.current?._didMount();
    virtualizer.current?._willUpdate();
    redraw((round) => round + 1);
    return stop;
  }, []);
  useEffect(() => virtualizer.current?.measure(), [rowHeight]);
  return { rows: virtualizer.current.getVirtualItems(), totalHeight: virtualizer.current.getTotalSize() };
}

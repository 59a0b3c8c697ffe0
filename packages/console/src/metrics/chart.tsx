import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { theme } from "../shell/theme.ts";
import { timeText } from "../shell/time-text.ts";
import type { ChartUnit } from "./chart-unit.ts";

/** One line of a chart. */
export interface ChartLine {
  readonly label: string;
  /** One value for each time; null leaves a gap. */
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly title: string;
  /** Times in seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly unit: ChartUnit;
}

const height = 160;
/** Distances between times, in seconds: never less than the second that their labels show. */
const timeSteps = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
const colors = ["--line-1", "--line-2", "--line-3", "--line-4", "--line-5"];

/** A chart over time. Dragging zooms in, a double click zooms out. */
export function Chart({ title, times, lines, unit }: ChartProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [zoom, setZoom] = useState("");
  const newest = useRef({ times, lines });
  newest.current = { times, lines };
  const labels = lines.map(({ label }) => label).join("\n");

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    let isShown = true;
    const draw = async (): Promise<void> => {
      // Loaded on demand, so that the page appears without waiting for it.
      const { default: Plot } = await import("uplot");
      if (!isShown) return;
      const options = optionsOf(element, lines, unit);
      const hooks = { setScale: [(changed: uPlot, scale: string) => scale === "x" && setZoom(zoomText(changed))] };
      plot.current = new Plot({ ...options, hooks }, dataOf(newest.current), element);
    };
    void draw();
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      isShown = false;
      observer.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
    // Colors are read when the chart is made, so another theme makes another chart.
  }, [labels, theme.value]);

  useEffect(() => {
    const zoomed = plot.current !== undefined && isZoomed(plot.current);
    plot.current?.setData(dataOf({ times, lines }), !zoomed);
    if (zoomed) plot.current?.redraw();
  }, [times, lines]);

  return (
    <figure class="chart">
      <figcaption>
        {title}
        <span class="chart-now">
          {lines.map(({ label, values }) => (
            <span key={label}>
              {lines.length > 1 && `${label} `}
              <strong>{latestText(values, unit)}</strong>
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={place} role="img" aria-label={`${title} over time${zoom}`} />
    </figure>
  );
}

/** The newest value. Nodes do not report at the same moment, so the newest time may have none. */
function latestText(values: ChartLine["values"], { text }: ChartUnit): string {
  const latest = values.slice(-3).findLast((value) => value !== null);
  return latest === undefined || latest === null ? "–" : text(latest);
}

function dataOf({ times, lines }: Pick<ChartProps, "times" | "lines">): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function optionsOf(
  element: HTMLElement,
  lines: readonly ChartLine[],
  { text, steps, leastTop }: ChartUnit,
): uPlot.Options {
  const color = (name: string): string => resolvedColor(element, name);
  const axis = {
    stroke: color("--quiet"),
    grid: { stroke: color("--grid"), width: 1 },
    ticks: { show: false, size: 0 },
    gap: 6,
  };
  return {
    width: element.clientWidth,
    height,
    padding: [8, 28, 4, 0],
    legend: { show: false },
    cursor: { points: { size: 6 }, y: false },
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(leastTop, high * 1.1)] } },
    axes: [
      {
        ...axis,
        size: 22,
        space: 80,
        incrs: timeSteps,
        values: (plot, ticks) => ticks.map((seconds) => (plot.data[0].length < 2 ? "" : timeText(seconds * 1_000))),
      },
      { ...axis, size: 56, incrs: [...steps], values: (_plot, ticks) => ticks.map(text) },
    ],
    series: [
      {},
      ...lines.map((_line, index) => ({
        stroke: color(colors[index % colors.length] ?? "--line-1"),
        width: 1.5,
        points: { show: false },
      })),
    ],
  };
}

/** The value of a color property in the theme in force, as the canvas understands it. */
function resolvedColor(element: HTMLElement, property: string): string {
  element.style.color = `var(${property})`;
  const { color } = getComputedStyle(element);
  element.style.color = "";
  return color;
}

function isZoomed({ data, scales }: uPlot): boolean {
  const [times] = data;
  const [first, last] = [times[0], times.at(-1)];
  const scale = scales["x"];
  if (first === undefined || last === undefined || scale === undefined) return false;
  return (scale.min ?? first) > first || (scale.max ?? last) < last;
}

/** The part of the time that is shown, for screen readers; empty if all of it is. */
function zoomText(plot: uPlot): string {
  const { min = 0, max = 0 } = plot.scales["x"] ?? {};
  return isZoomed(plot) ? `, from ${timeText(min * 1_000)} to ${timeText(max * 1_000)}` : "";
}

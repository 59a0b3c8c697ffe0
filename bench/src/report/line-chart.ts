import { numberText } from "./number-text.ts";
import { colorOf, line, round, svg, text } from "./svg.ts";

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const width = 720;
const height = 360;
const plot = { left: 70, right: 520, top: 40, bottom: 310 } as const;

/** Curves over two logarithmic axes: cost and work both grow by factors. Series are named by server; points that are not positive numbers are left out. */
export function lineChart(title: string, xLabel: string, yLabel: string, series: readonly Series[]): string {
  const drawable = series.map(({ name, points }) => ({ name, points: points.filter(({ x, y }) => x > 0 && y > 0) }));
  const all = drawable.flatMap(({ points }) => points);
  const xs = all.map(({ x }) => x);
  const ys = all.map(({ y }) => y);
  const [lowY, highY] = [10 ** Math.floor(Math.log10(Math.min(...ys))), 10 ** Math.ceil(Math.log10(Math.max(...ys)))];
  const toX = scale(Math.min(...xs), Math.max(...xs), plot.left, plot.right);
  const toY = scale(lowY, highY, plot.bottom, plot.top);
  const grid = powersOfTen(lowY, highY).flatMap((y) => [
    line(plot.left, toY(y), plot.right, toY(y), "#ddd"),
    text(plot.left - 8, toY(y) + 4, numberText(y), `text-anchor="end"`),
  ]);
  const ticks = [...new Set(xs)].flatMap((x) => [
    line(toX(x), plot.bottom, toX(x), plot.bottom + 5, "#222"),
    text(toX(x), plot.bottom + 20, x.toLocaleString("en"), `text-anchor="middle"`),
  ]);
  return svg(width, height, title, [
    ...grid,
    line(plot.left, plot.bottom, plot.right, plot.bottom, "#222"),
    ...ticks,
    text((plot.left + plot.right) / 2, height - 10, xLabel, `text-anchor="middle"`),
    text(
      14,
      (plot.top + plot.bottom) / 2,
      yLabel,
      `text-anchor="middle" transform="rotate(-90 14 ${(plot.top + plot.bottom) / 2})"`,
    ),
    ...drawable.flatMap((one, i) => curve(one, 60 + i * 20, toX, toY)),
  ]);
}

function curve({ name, points }: Series, legendY: number, toX: Scale, toY: Scale): string[] {
  const color = colorOf(name);
  const path = points.map(({ x, y }) => `${round(toX(x))},${round(toY(y))}`).join(" ");
  return [
    `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...points.map(({ x, y }) => `<circle cx="${round(toX(x))}" cy="${round(toY(y))}" r="3" fill="${color}"/>`),
    `<rect x="${plot.right + 20}" y="${legendY - 10}" width="12" height="12" fill="${color}"/>`,
    text(plot.right + 38, legendY, name),
  ];
}

type Scale = (value: number) => number;

function scale(low: number, high: number, from: number, to: number): Scale {
  const span = Math.log(high) - Math.log(low) || 1;
  return (value) => from + ((Math.log(value) - Math.log(low)) / span) * (to - from);
}

function powersOfTen(low: number, high: number): number[] {
  return Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, i) => low * 10 ** i);
}

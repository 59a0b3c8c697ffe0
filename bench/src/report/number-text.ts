/** A number as people read it: three significant digits, thousands as "k", millions as "M"; "–" when there is none. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 999_500) return `${significant(value / 1e6)} M`;
  if (size >= 9_995) return `${significant(value / 1e3)} k`;
  return significant(value);
}

function significant(value: number): string {
  if (value === 0) return "0";
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toFixed(decimals)).toLocaleString("en", { maximumFractionDigits: decimals });
}

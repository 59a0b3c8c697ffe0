import type { HttpRequest } from "../ports/transport.ts";

/** A parameter of a request's query; "" if it is missing. */
export function queryField({ query }: HttpRequest, name: string): string {
  for (const part of query.split("&")) {
    const at = part.indexOf("=");
    if (at !== -1 && part.slice(0, at) === name) return decode(part.slice(at + 1));
  }
  return "";
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

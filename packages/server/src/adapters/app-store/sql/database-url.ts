/** The kinds of databases; MariaDB is spoken to like MySQL. */
export type DatabaseKind = "sqlite" | "postgresql" | "mysql";

const kinds: ReadonlyMap<string, DatabaseKind> = new Map([
  ["sqlite", "sqlite"],
  ["postgres", "postgresql"],
  ["postgresql", "postgresql"],
  ["mysql", "mysql"],
  ["mariadb", "mysql"],
]);

/** Returns the kind of database that a URL leads to. The settings accept no other URLs. */
export function databaseKind(url: string): DatabaseKind {
  const kind = kinds.get(url.slice(0, url.indexOf(":")));
  if (kind === undefined) throw new TypeError("Not the URL of a database");
  return kind;
}

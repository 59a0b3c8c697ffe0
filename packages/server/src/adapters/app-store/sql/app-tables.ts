import type { ColumnType } from "kysely";

/** A whole number of 64 bits; some drivers read it as text. */
type BigInteger = ColumnType<number | string, number, number>;
type OptionalBigInteger = ColumnType<number | string | null, number | null, number | null>;

/** The tables of the apps. Every name begins with `sealcast_`, so that they can share a database. */
export interface AppTables {
  sealcast_app: {
    readonly id: string;
    /** JSON object; "{}" of a removed app. */
    readonly settings: string;
    readonly created_ms: BigInteger;
    /** Number of the last change; no other app has the same one. */
    readonly revision: BigInteger;
    /** 1: the app was removed; the row tells servers so. */
    readonly removed: number;
  };
  sealcast_app_key: {
    readonly key_name: string;
    readonly app_id: string;
    /** As the `SecretBox` stores it; empty once the key is retired. */
    readonly secret: string;
    /** Order among the keys of the app. */
    readonly position: BigInteger;
    readonly created_ms: BigInteger;
    readonly last_used_ms: OptionalBigInteger;
    readonly retired_ms: OptionalBigInteger;
  };
  /** One row, `apps`: the number of the last change. Every change begins with it, so changes wait for each other. */
  sealcast_revision: {
    readonly name: string;
    readonly value: BigInteger;
  };
  sealcast_usage: {
    readonly app_id: string;
    /** Day in UTC, such as "2026-11-28". */
    readonly day: string;
    readonly messages: BigInteger;
    readonly peak_connections: BigInteger;
  };
}

import type { Kysely } from "kysely";
import type { SecretBox } from "../../../ports/secret-box.ts";
import type { AppTables } from "./app-tables.ts";

/** Stores secrets that are not encrypted under the first key of the box once more, under that key. */
export async function sealAgain(database: Kysely<AppTables>, box: SecretBox): Promise<void> {
  const live = database.selectFrom("sealcast_app_key").select(["key_name", "app_id", "secret"]);
  for (const { key_name: key, app_id: app, secret } of await live.where("retired_ms", "is", null).execute()) {
    const opened = box.isCurrent(secret) ? undefined : box.open(secret, `${app} ${key}`);
    if (opened === undefined) continue;
    const row = { secret: box.seal(opened, `${app} ${key}`) };
    // If the row has changed since, somebody else has stored it.
    await database
      .updateTable("sealcast_app_key")
      .set(row)
      .where("key_name", "=", key)
      .where("secret", "=", secret)
      .execute();
  }
}

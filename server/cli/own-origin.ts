/** The origin of the data, for commands beside a server: without the setting it would follow the port, which they have no use for. */
import { existsSync } from "node:fs";
import { migrations } from "../../migrations/index.ts";
import type { Loaded } from "../config.ts";
import { findOrigin } from "../core/store.ts";
import { type Config, databaseOf } from "../settings.ts";
import { pendingMigrations } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";

/** The settings, with the origin that the database knows where nobody set one. */
export async function withOwnOrigin({ config, provenance }: Loaded): Promise<Config> {
  const isSet = provenance.some(({ name, source }) => name === "origin" && source !== "default");
  const url = databaseOf(config);
  if (isSet || (config.databaseUrl === null && !existsSync(url))) return config;
  const db = await openDb({ url });
  try {
    const isEmpty = (await pendingMigrations(db, migrations)).length === migrations.length;
    const known = isEmpty ? null : await findOrigin(db);
    return known === null ? config : { ...config, origin: known };
  } finally {
    await db.stop();
  }
}

/** Understands one document at a time, each in a house of its own with the other documents as the rest of the world. */
import { migrations } from "../../migrations/index.ts";
import { systemNow } from "../lib/clock.ts";
import type { JsonObject } from "../lib/json.ts";
import { migrate } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";
import { originsOf } from "./origins.ts";
import { reader } from "./reader.ts";
import { understood } from "./understood.ts";

/** See `understood`. What `others` say stands at their addresses; the first that names one wins. */
export async function understand(document: JsonObject, others: readonly JsonObject[] = []): Promise<string> {
  const db = await openDb({ url: ":memory:" });
  try {
    await migrate({ db, migrations, now: systemNow });
    return await understood(await reader(db, originsOf([document, ...others])), document);
  } finally {
    await db.stop();
  }
}

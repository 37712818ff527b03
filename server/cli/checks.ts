/** What `commons doctor` looks at: each check says how it is and, where it is not well, what to do. */
import { constants, existsSync } from "node:fs";
import { access, readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { migrations } from "../../migrations/index.ts";
import { ADMIN_SETTINGS } from "../accounts/setting-table.ts";
import { listSettings } from "../accounts/store-tickets.ts";
import { createRegistry } from "../core/registry.ts";
import { findOrigin, isUninhabited } from "../core/store.ts";
import { lostDatabase } from "../database.ts";
import { readTls } from "../http/tls.ts";
import { type Now, toIso } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { Fetch } from "../lib/fetch.ts";
import { parseJson } from "../lib/json.ts";
import { isProblem } from "../lib/problem.ts";
import { raw } from "../lib/sql.ts";
import { findHostUse } from "../media/store-cache.ts";
import { type Config, databaseOf } from "../settings.ts";
import type { Db } from "../storage/db.ts";
import { pendingMigrations } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";
import { isBlank } from "../storage/sqlite/lost.ts";
import { extensionsIn, loadExtensions } from "../vocab/extensions.ts";
import { vocabularies } from "../vocab/index.ts";
import { howItIs } from "./backup-status.ts";
import { listCopies, readReplica } from "./copies.ts";
import { refuseForRoot } from "./data-folder.ts";
import { bad, type Check, type Finding, good, sentenceOf, thrown, warning } from "./finding.ts";
import { askOutside, lookAtClock, lookAtInside, lookAtOutside } from "./outside.ts";

/** Below this, the next busy day fills the disk; the second is too little for a copy of a small database. */
const LOW_DISK_BYTES = 2e9;
const NO_DISK_BYTES = 200e6;

/** The server makes a whole copy a day; one that is two days old means that it fails. */
const MAX_COPY_AGE_MS = 50 * HOUR_MS;
const OWNED = "Give the folder and all that is in it to the user that runs the server: chown -R USER PATH.";
/** What the server must be able to write in its folder: `commons.toml` may well be root's. */
const WRITTEN = /^(\.?commons\.db|lock\.db|backups|media)/;
const DAMAGED = "Stop the server and go back to a copy: `commons backup restore`.";

/** `fetch` must allow private addresses: the origin may be one. */
export function checksFor(deps: { config: Config; now: Now; fetch: Fetch }): readonly Check[] {
  const { config, now, fetch } = deps;
  const outside = once(() => askOutside(config.origin, fetch, now));
  return [
    { name: "settings", look: async () => lookAtSettings(config) },
    { name: "data folder", look: () => lookAtFolder(config.dataDir) },
    { name: "disk", look: () => lookAtDisk(config.dataDir) },
    { name: "files", look: () => lookAtFiles(config) },
    { name: "pictures", look: () => lookAtPictures(config) },
    { name: "extensions", look: () => lookAtExtensions(config.dataDir) },
    { name: "database", look: () => lookAtDatabase(config) },
    { name: "copies", look: () => lookAtCopies(config, now) },
    ...config.privateSignInHosts.map((host) => ({
      name: "sign-in host",
      look: () => lookAtInside(host, fetch),
    })),
    { name: "outside address", look: async () => lookAtOutside(config.origin, await outside()) },
    { name: "clock", look: async () => lookAtClock(await outside()) },
  ];
}

function lookAtSettings(config: Config): Finding {
  try {
    readTls(config.tlsCertFile, config.tlsKeyFile);
  } catch (error) {
    return thrown(error);
  }
  const isLocal = new URL(config.origin).protocol === "http:";
  if (config.insecureFederation)
    return warning(
      "insecure_federation is on: anybody in between can read and change what servers tell each other.",
      "Turn it off outside of test networks.",
    );
  if (isLocal)
    return warning(
      `The origin is ${config.origin}: other servers cannot reach it.`,
      "Set origin to the https:// address that the world will see, before the first person signs up.",
    );
  return good(`This server is ${config.origin}.`);
}

async function lookAtFolder(path: string): Promise<Finding> {
  if (!existsSync(path)) return warning(`${path} does not exist yet.`, "`commons serve` makes it.");
  try {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    // @NOTE The reason does not matter: each has the same remedy.
    return bad(`${path} cannot be written.`, OWNED);
  }
  const { uid } = await stat(path);
  for (const name of (await readdir(path)).filter((each) => WRITTEN.test(each))) {
    const part = join(path, name);
    const its = await stat(part).catch(() => null);
    if (its !== null && its.uid !== uid)
      return bad(`${part} belongs to another user (${its.uid}) than the folder (${uid}).`, OWNED);
    if (name === "commons.db" && !(await isWritable(part))) return bad(`${part} cannot be written.`, OWNED);
  }
  const database = await stat(join(path, "commons.db")).catch(() => null);
  if (database !== null && isOpen(await stat(path)) && isOpen(database))
    return warning(
      `Every user of this machine can read ${path}: private messages, and the keys of all who live here.`,
      `Keep it to the user of the server: chmod -R go= ${path}`,
    );
  return good(path);
}

/** For users who are neither its owner nor of its group. */
const isOpen = ({ mode }: { readonly mode: number }): boolean =>
  (mode & (constants.S_IROTH | constants.S_IXOTH)) !== 0;

const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );

async function lookAtDisk(path: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(existsSync(path) ? path : ".");
  const free = bavail * bsize;
  const says = `${(free / 1e9).toFixed(1)} GB free where the data is.`;
  if (free < NO_DISK_BYTES)
    return bad(says, "Free some space now: the server stops taking posts when the disk is full.");
  if (free < LOW_DISK_BYTES)
    return warning(says, "Free some space, or move the data folder to a bigger disk.");
  return good(says);
}

/** Whether the place for people's files answers. */
async function lookAtFiles(config: Config): Promise<Finding> {
  const { tryFiles } = await import("../filing.ts");
  try {
    await tryFiles(config);
    return good(
      config.mediaUrl === null ? "They lie in the data folder." : "The bucket of media_url answers.",
    );
  } catch (error) {
    return bad(sentenceOf(error), "Check media_url and its keys, and that the bucket is there.");
  }
}

/** Whether the vocabularies that lie in the data folder fit together, and with those built in. */
async function lookAtExtensions(dataDir: string): Promise<Finding> {
  try {
    const { extensions } = createRegistry([
      ...vocabularies,
      ...(await loadExtensions(extensionsIn(dataDir))),
    ]);
    const names = extensions.flatMap(({ name, file }) => (file === undefined ? [] : name));
    return good(names.length === 0 ? "There are none." : `${names.join(", ")}.`);
  } catch (error) {
    const { says } = thrown(error);
    return bad(says, "Correct the file, or take it away: the server will not start.");
  }
}

/** Whether the disk holds what pictures of other servers may still take. */
async function lookAtPictures(config: Config): Promise<Finding> {
  if (config.databaseUrl === null && (await isBlank(databaseOf(config)))) return good("None are kept yet.");
  const db = await openDb({ url: databaseOf(config) }).catch(() => null);
  if (db === null)
    return warning("Not known: the database does not open.", "See what is said of the database.");
  try {
    const pending = await pendingMigrations(db, migrations).catch(() => null);
    if (pending === null)
      return warning("Not known: the database is not of this program.", "See what is said of the database.");
    if (pending.length > 0) return good("None are kept yet.");
    const rows = new Map((await listSettings(db)).map(({ name, value }) => [name, parseJson(value)]));
    const isShown = rows.get("remoteMedia") !== "linked";
    const allowed = Number(rows.get("remoteMediaMegabytes") ?? ADMIN_SETTINGS.remoteMediaMegabytes.fallback);
    const quota = isShown ? allowed * 1e6 : 0;
    const used = (await findHostUse(db, config.node)).reduce((sum, { bytes }) => sum + bytes, 0);
    const { bavail, bsize } = await statfs(existsSync(config.dataDir) ? config.dataDir : ".");
    const says = `Pictures of other servers take ${(used / 1e9).toFixed(2)} of ${(quota / 1e9).toFixed(2)} GB.`;
    return bavail * bsize < Math.max(0, quota - used) + LOW_DISK_BYTES
      ? warning(
          `${says} The disk has less room than they may still take.`,
          "Allow less on the page /admin/media, or free some space.",
        )
      : good(says);
  } finally {
    await db.stop();
  }
}

async function lookAtDatabase(config: Config): Promise<Finding> {
  const url = databaseOf(config);
  if (config.databaseUrl === null && (await isBlank(url))) return lookForLost(config);
  try {
    const db = await openDb({ url });
    try {
      return await lookInside(db, config.origin);
    } finally {
      await db.stop();
    }
  } catch (error) {
    if (config.databaseUrl === null || isProblem(error)) return thrown(error);
    return bad(
      `It cannot be read: ${sentenceOf(error)}.`,
      "Check database_url, and that the database is running.",
    );
  }
}

/** A server refuses to begin anew where there was a database. */
async function lookForLost(config: Config): Promise<Finding> {
  const none = warning("There is none yet.", "`commons serve` makes it.");
  if (!existsSync(config.dataDir)) return none;
  try {
    // Litestream is unpacked into the folder, to ask the replica.
    if (config.replicaUrl !== null) refuseForRoot(config.dataDir);
    const trace = await lostDatabase(config);
    if (trace === null) return none;
    return bad(`There is none, but ${trace}.`, "Bring it back: `commons backup restore`.");
  } catch (error) {
    return thrown(error);
  }
}

async function lookInside(db: Db, origin: string): Promise<Finding> {
  const fault = db.dialect.name === "sqlite" ? await faultOf(db) : null;
  if (fault) return bad(`It is damaged: ${fault}.`, DAMAGED);
  const missing = await pendingMigrations(db, migrations);
  if (missing.length > 0)
    return warning(
      `It lacks ${missing.join(", ")}.`,
      "`commons migrate` adds them; `commons serve` does it too.",
    );
  const before = await findOrigin(db);
  if (before !== null && before !== origin && !(await isUninhabited(db)))
    return bad(
      `It belongs to ${before}, and origin says ${origin}: the server will not start.`,
      `Set origin to ${before}.`,
    );
  return good(`${db.dialect.name}, ${((await db.sizeBytes()) / 1e6).toFixed(1)} MB, sound.`);
}

/** What SQLite finds wrong in the file, or null. */
async function faultOf(db: Db): Promise<string | null> {
  const rows = await db.all<{ quick_check: string }>(raw("PRAGMA quick_check(3)"));
  const found = rows.map((row) => row.quick_check).join("; ");
  return found === "ok" ? null : found;
}

async function lookAtCopies(config: Config, now: Now): Promise<Finding> {
  if (config.databaseUrl !== null)
    return config.replicaUrl === null
      ? good("PostgreSQL has its own; this program makes none.")
      : warning(
          "PostgreSQL has its own: replica_url copies the embedded database alone.",
          "Copy it by pg_dump or point-in-time recovery, and take replica_url out of the settings.",
        );
  const newest = listCopies(config.dataDir)[0];
  const isOld = newest !== undefined && now() - newest.madeMs > MAX_COPY_AGE_MS;
  const replica = await readReplica(config);
  if (replica === null)
    return warning(
      "The database is copied to no other place.",
      "Set replica_url to a folder on another disk, a bucket or another machine.",
    );
  const says = `${replica.where}: ${howItIs(replica)}.`;
  if (!replica.isRunning)
    return warning(says, "Start the server; if it runs, its log tells why Litestream does not.");
  if (replica.syncErrors > 0) return bad(says, "Check that the place can be reached and written.");
  if (isOld)
    return warning(
      `${says} The newest whole copy is of ${toIso(newest.madeMs)}.`,
      "Read the server's log for why.",
    );
  return good(says);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

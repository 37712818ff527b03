/** The admin's settings at run time: typed, kept in memory, changed on every node at once. */
import type { Now } from "../lib/clock.ts";
import { parseJson } from "../lib/json.ts";
import type { Log } from "../lib/log.ts";
import { Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { follow } from "../storage/follow.ts";
import { ADMIN_SETTINGS, type SettingName, type SettingValues } from "./setting-table.ts";
import type { RecordStaffAct } from "./staff-act.ts";
import { listSettings, putSetting } from "./store-tickets.ts";

export interface Settings {
  get<Name extends SettingName>(name: Name): SettingValues[Name];
  all(): SettingValues;
  /**
   * Takes values as forms and JSON give them; nothing is changed unless all are good.
   * `by` is the account that does it (null for the command line); `also` joins the batch.
   * Throws Problem `invalid` at the setting's name.
   */
  set(changes: Readonly<Record<string, unknown>>, by?: number | null, also?: readonly Sql[]): Promise<void>;
  /** Calls back after every change, on every node; returns how to stop. */
  onChange(heard: () => void): () => void;
  stop(): void;
}

const CHANNEL = "settings";

export async function createSettings(deps: {
  db: Db;
  now: Now;
  log: Log;
  record: RecordStaffAct;
}): Promise<Settings> {
  const { db, now, log } = deps;
  const heard = new Set<() => void>();
  let values = defaults();

  async function read(): Promise<void> {
    values = await load(db, log);
    for (const call of heard) call();
  }
  const followed = await follow({ db, log, channel: CHANNEL, read });

  return {
    get: (name) => values[name],
    all: () => values,
    async set(changes, by = null, also = []) {
      const parsed = parseAll(changes);
      const next = { ...values, ...parsed };
      if (next.registration === "domain" && next.allowedDomains.length === 0) {
        throw new Problem("invalid", "Name at least one domain whose addresses may sign up.", {
          field: "allowedDomains",
          reason: "domains-missing",
        });
      }
      const nowMs = now();
      const changed = Object.entries(parsed).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(values[name as SettingName]),
      );
      await db.batch([
        ...Object.entries(parsed).map(([name, value]) => putSetting(name, JSON.stringify(value), nowMs)),
        ...changed.map(([name]) => deps.record({ by, act: "setting", subject: name })),
        ...also,
      ]);
      await followed.tell();
    },
    onChange(call) {
      heard.add(call);
      return () => heard.delete(call);
    },
    stop: followed.stop,
  };
}

function parseAll(changes: Readonly<Record<string, unknown>>): Partial<SettingValues> {
  const parsed: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(changes)) {
    if (!isSettingName(name)) {
      throw new Problem("invalid", `There is no setting “${name}”.`, {
        field: name,
        reason: "unknown-setting",
      });
    }
    const outcome = ADMIN_SETTINGS[name].parse(input);
    if ("wrong" in outcome) {
      throw new Problem("invalid", outcome.wrong, { field: name, reason: "setting" });
    }
    parsed[name] = outcome.value;
  }
  return parsed as Partial<SettingValues>;
}

const defaults = (): SettingValues =>
  Object.fromEntries(
    Object.entries(ADMIN_SETTINGS).map(([name, setting]) => [name, setting.fallback]),
  ) as unknown as SettingValues;

/** A stored value that is good no more (a newer or older program wrote it) gives way to the default. */
async function load(db: Db, log: Log): Promise<SettingValues> {
  const found: Record<string, unknown> = { ...defaults() };
  for (const { name, value } of await listSettings(db)) {
    if (!isSettingName(name)) continue;
    const outcome = ADMIN_SETTINGS[name].parse(parseJson(value));
    if ("wrong" in outcome) log.warn("A stored setting is not understood, its default is used", { name });
    else found[name] = outcome.value;
  }
  return found as unknown as SettingValues;
}

const isSettingName = (name: string): name is SettingName => Object.hasOwn(ADMIN_SETTINGS, name);

/** The operator's settings as a table: names, kinds, defaults and what each is for. */
import { join } from "node:path";
import type { Kind, ValueOf } from "./setting-kinds.ts";
import { type Replica, shownReplica } from "./storage/sqlite/replica.ts";

export interface Setting {
  /** As in `commons.toml`; the flag is `--data-dir`, the variable `COMMONS_DATA_DIR`. */
  readonly name: string;
  readonly kind: Kind;
  /** Written as an operator would write it; null where there is none. */
  readonly default: string | null;
  /** Never shown, and may be given as the name of a file in `COMMONS_…_FILE`. */
  readonly secret?: true;
  /** What of a secret may be shown; without this, nothing. */
  readonly shown?: (text: string) => string;
  readonly help: string;
}

export const settings = [
  {
    name: "data_dir",
    kind: "path",
    default: "./data",
    help: "Folder for everything that must survive: database, media, keys, copies.",
  },
  { name: "port", kind: "port", default: "3000", help: "TCP port to listen on." },
  {
    name: "host",
    kind: "text",
    default: "127.0.0.1",
    help: "Address to listen on; `0.0.0.0` or `::` for every interface.",
  },
  {
    name: "origin",
    kind: "origin",
    default: null,
    help: "Address that the world sees, like `https://pub.example`. Never change it once other servers know it. Default: `http://localhost:PORT`.",
  },
  {
    name: "database_url",
    kind: "postgres",
    default: null,
    secret: true,
    help: "`postgres://…` for PostgreSQL; `?connection_limit=20` at its end for more connections than ten. Default: SQLite, in the data folder.",
  },
  {
    name: "tls_cert_file",
    kind: "file",
    default: null,
    help: "Certificate chain (PEM), to serve https without a proxy.",
  },
  { name: "tls_key_file", kind: "file", default: null, help: "Private key (PEM) of that certificate." },
  {
    name: "trusted_proxies",
    kind: "addresses",
    default: "",
    help: "Addresses or networks (`10.0.0.0/8`) whose `X-Forwarded-*` headers are believed, separated by commas.",
  },
  {
    name: "insecure_federation",
    kind: "switch",
    default: "false",
    help: "For test networks only: federate over http, on any port, with private addresses.",
  },
  {
    name: "private_sign_in_hosts",
    kind: "hosts",
    default: "",
    help: "Hosts inside your own network (`sso.school.example`, `10.0.0.5:8443`) that hold accounts to sign in with, separated by commas. They are reached for signing in alone, over https.",
  },
  {
    name: "extra_ca_file",
    kind: "file",
    default: null,
    help: "Certificates (PEM) of further authorities to trust, for closed networks.",
  },
  {
    name: "log_level",
    kind: ["debug", "info", "warn", "error"],
    default: "info",
    help: "The least important lines that are logged.",
  },
  {
    name: "log_form",
    kind: ["auto", "json", "text"],
    default: "auto",
    help: "`json`, `text`, or `auto`: text on a terminal, JSON elsewhere.",
  },
  {
    name: "workers",
    kind: { from: 1, to: 256 },
    default: "64",
    help: "Jobs of one kind (deliveries, fetches) that run at one time; fewer for a small machine or a thin line.",
  },
  {
    name: "node",
    kind: { from: 0, to: 15 },
    default: "0",
    help: "Number of this process where several share one database; each needs its own.",
  },
  { name: "upload_limit", kind: "size", default: "40MB", help: "Largest file that a person may upload." },
  {
    name: "media_url",
    kind: "bucket",
    default: null,
    help: "Where people's files lie: `s3://bucket/path?endpoint=https://…&region=…`, and `&public=https://…` where anybody may read the bucket there (also what the staff put out of sight here, for as long as they know its address). Several nodes need it. Default: the data folder.",
  },
  {
    name: "media_access_key_id",
    kind: "text",
    default: null,
    secret: true,
    help: "Access key of that bucket.",
  },
  {
    name: "media_secret_access_key",
    kind: "text",
    default: null,
    secret: true,
    help: "Secret key of that bucket.",
  },
  {
    name: "replica_url",
    kind: "replica",
    default: null,
    secret: true,
    shown: (text) => shownReplica({ url: text }),
    help: "Where Litestream copies the database all the time: a folder, `s3://bucket/path?endpoint=https://…` or `sftp://user@host/path`.",
  },
  {
    name: "replica_access_key_id",
    kind: "text",
    default: null,
    secret: true,
    help: "Access key of the S3 bucket.",
  },
  {
    name: "replica_secret_access_key",
    kind: "text",
    default: null,
    secret: true,
    help: "Secret key of the S3 bucket.",
  },
  { name: "litestream_path", kind: "file", default: null, help: "Another Litestream than the one inside." },
  {
    name: "translate_url",
    kind: "translation",
    default: null,
    secret: true,
    help: "Address of a service that speaks LibreTranslate's API, so that people can have posts translated; `?api_key=…` at its end where it wants a key.",
  },
] as const satisfies readonly Setting[];

type Row = (typeof settings)[number];
export type SettingName = Row["name"];
export type Camel<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;
/** As read: `origin` may be missing. */
export type RawConfig = {
  readonly [R in Row as Camel<R["name"]>]: R["default"] extends null
    ? ValueOf<R["kind"]> | null
    : ValueOf<R["kind"]>;
};

/** What `openDb` takes: the PostgreSQL of the settings, or the SQLite file in the data folder. */
export const databaseOf = (config: Pick<Config, "databaseUrl" | "dataDir">): string =>
  config.databaseUrl ?? join(config.dataDir, "commons.db");

/** Where Litestream copies to, or null where nobody asked for it. */
export const replicaOf = (config: Config): Replica | null =>
  config.replicaUrl === null
    ? null
    : {
        url: config.replicaUrl,
        accessKeyId: config.replicaAccessKeyId,
        secretAccessKey: config.replicaSecretAccessKey,
      };

/** Every setting by its camel-cased name. Paths are absolute. */
export type Config = Omit<RawConfig, "origin"> & {
  /** Scheme, host and port, with no slash at the end: `https://pub.example`. */
  readonly origin: string;
};

/** How every variable of the environment begins. */
export const PREFIX = "COMMONS_";
export const flagOf = (setting: Setting): string => setting.name.replaceAll("_", "-");
export const variableOf = (setting: Setting): string => PREFIX + setting.name.toUpperCase();

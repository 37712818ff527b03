/** Where settings come from, which source wins, and how a mistake is told. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "./config.ts";
import { Problem } from "./lib/problem.ts";
import { settings } from "./settings.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (flags: Record<string, string> = {}, env: Record<string, string> = {}) =>
  loadConfig({ flags: { data_dir: folder, ...flags }, env, cwd: folder });

const file = (text: string) => writeFileSync(join(folder, "commons.toml"), text);

function refusal(flags: Record<string, string> = {}, env: Record<string, string> = {}): string {
  try {
    load(flags, env);
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
  return "";
}

describe("sources", () => {
  test("with nothing set, a server on localhost with its data in ./data", () => {
    const { config } = loadConfig({ flags: {}, env: {}, cwd: "/somewhere/without/settings" });
    expect(config).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      origin: "http://localhost:3000",
      dataDir: "/somewhere/without/settings/data",
      databaseUrl: null,
      trustedProxies: [],
      insecureFederation: false,
    });
  });

  test("a flag wins over the environment, the environment over commons.toml, and that over the default", () => {
    file("port = 4001\nworkers = 7\nlog_level = 'warn'");
    const { config, provenance } = load({ port: "4003" }, { COMMONS_PORT: "4002", COMMONS_WORKERS: "8" });
    expect(config).toMatchObject({ port: 4003, workers: 8, logLevel: "warn", logForm: "auto" });
    const sourceOf = (name: string) => provenance.find((each) => each.name === name)?.source;
    expect(sourceOf("port")).toBe("--port");
    expect(sourceOf("workers")).toBe("COMMONS_WORKERS");
    expect(sourceOf("log_level")).toBe(join(folder, "commons.toml"));
    expect(sourceOf("log_form")).toBe("default");
  });

  test("a secret is read from the file that COMMONS_…_FILE names, without the newline at its end", () => {
    writeFileSync(join(folder, "key"), "s3cret\n");
    const env = {
      COMMONS_REPLICA_ACCESS_KEY_ID: "id",
      COMMONS_REPLICA_SECRET_ACCESS_KEY_FILE: join(folder, "key"),
    };
    expect(load({}, env).config.replicaSecretAccessKey).toBe("s3cret");
  });

  test("the value of a secret is never shown", () => {
    const { provenance } = load({}, { COMMONS_DATABASE_URL: "postgres://u:pass@db/x" });
    const shown = provenance.find(({ name }) => name === "database_url")?.shown;
    expect(shown).not.toBeNull();
    expect(JSON.stringify(provenance)).not.toContain("pass");
  });

  test("of a replica its place is shown, and neither who signs in there nor with what", () => {
    const replica_url = "sftp://bob:geheim99@host.example/path?key=/root/key";
    writeFileSync(join(folder, "replica"), `${replica_url}\n`);
    for (const { config, provenance } of [
      load({ replica_url }),
      load({}, { COMMONS_REPLICA_URL_FILE: join(folder, "replica") }),
    ]) {
      expect(config.replicaUrl).toBe(replica_url);
      expect(provenance.find(({ name }) => name === "replica_url")?.shown).toBe("sftp://host.example/path");
    }
    expect(refusal({ replica_url: "sftp://:geheim99@host.example/p" })).not.toContain("geheim99");
  });

  test("an origin names no port that its scheme has anyway", () => {
    expect(load({ port: "80" }).config.origin).toBe("http://localhost");
    expect(load({ origin: "https://pub.example:443/" }).config.origin).toBe("https://pub.example");
  });

  test("an empty variable counts as not set", () => {
    expect(load({}, { COMMONS_PORT: "" }).config.port).toBe(3000);
  });

  test("a relative path in commons.toml starts from the data folder, elsewhere from the working folder", () => {
    file('replica_url = "copies"');
    expect(load().config.replicaUrl).toBe(join(folder, "copies"));
    const flags = { data_dir: folder, replica_url: "copies" };
    expect(loadConfig({ flags, env: {}, cwd: "/x" }).config.replicaUrl).toBe("/x/copies");
  });

  test("a list in commons.toml may be a TOML array", () => {
    file('trusted_proxies = ["10.0.0.0/8", "::1"]');
    expect(load().config.trustedProxies).toEqual(["10.0.0.0/8", "::1"]);
  });

  test("hosts are read in the form in which they are compared", () => {
    const { config } = load({ private_sign_in_hosts: "SSO.school.example:443, 10.0.0.5:8443 [fd00::5]" });
    expect(config.privateSignInHosts).toEqual(["sso.school.example", "10.0.0.5:8443", "[fd00::5]"]);
  });
});

describe("mistakes", () => {
  test("an unknown variable is refused with the one that was meant", () => {
    expect(refusal({}, { COMMONS_PROT: "1" })).toMatch(/COMMONS_PROT is no setting.*COMMONS_PORT\?/);
  });

  test("only secrets have a …_FILE", () => {
    expect(refusal({}, { COMMONS_PORT_FILE: "/x" })).toContain("COMMONS_PORT_FILE is no setting");
  });

  test("an unknown key in commons.toml is refused with its file and the one that was meant", () => {
    file("orgin = 'https://a.example'");
    expect(refusal()).toMatch(/orgin in .*commons\.toml is no setting\. Did you mean origin\?/);
  });

  test("TOML that cannot be read is refused with the name of the file", () => {
    file("port = = 1");
    expect(refusal()).toMatch(/commons\.toml is not valid TOML/);
    file('port = 3000\n\norigin = "https://x\nlog_level = "info"\n');
    expect(refusal()).toContain("from line 3 on");
  });

  test("the data folder cannot be set inside itself", () => {
    file("data_dir = '/elsewhere'");
    expect(refusal()).toContain("cannot be set there");
  });

  test("a bad secret is named, but not repeated", () => {
    const sentence = refusal({}, { COMMONS_DATABASE_URL: "mysql://u:pass@db/x" });
    expect(sentence).toMatch(/^COMMONS_DATABASE_URL must begin with postgres:/);
    expect(sentence).not.toContain("pass");
  });

  test("an address of PostgreSQL that its password breaks is refused, with how to write that", () => {
    const sentence = refusal({}, { COMMONS_DATABASE_URL: "postgres://u:pa#ss@db/x" });
    expect(sentence).toContain("COMMONS_DATABASE_URL is no whole address");
    expect(sentence).toContain("%23");
    expect(sentence).not.toContain("pa#ss");
  });

  test.each([
    ["port", "0", "whole number from 1"],
    ["port", "99999", "to 65535"],
    ["port", "3e3", "whole number"],
    ["node", "16", "from 0 to 15"],
    ["log_level", "loud", "one of debug, info, warn, error"],
    ["insecure_federation", "maybe", "true or false"],
    ["trusted_proxies", "10.0.0.0/8, proxy", '"proxy"'],
    ["trusted_proxies", "10.0.0.0/33", "no IP address"],
    ["private_sign_in_hosts", "sso.example, https://sso.example", '"https://sso.example"'],
    ["private_sign_in_hosts", "10.0.0.0/8", "no host"],
    ["upload_limit", "many", "size like 40MB"],
    ["upload_limit", "40", "write the unit"],
    ["upload_limit", "0", "100kB or more"],
    ["host", " ", "is empty"],
    ["replica_url", "ftp://there/x", "s3://bucket/path"],
    ["replica_url", "sftp://host.example/path", "sftp://USER@host.example/path"],
    ["extra_ca_file", "nowhere.pem", "does not exist"],
    ["extra_ca_file", "/etc", "is a folder"],
    ["litestream_path", "/nowhere/litestream", "does not exist"],
    ["origin", "pub.example", "whole address"],
    ["origin", "https://pub.example/social", "write https://pub.example."],
    ["origin", "https://me@pub.example", "write https://pub.example."],
    ["origin", "ftp://pub.example", "whole address"],
    ["origin", "http://pub.example", "Write https://pub.example"],
  ])("%s = %s is refused, by name and with what to write", (name, value, reason) => {
    const sentence = refusal({ [name]: value });
    expect(sentence).toContain(reason);
    expect(sentence).toContain(
      name === "origin" && value.startsWith("http://") ? "origin" : `--${name.replaceAll("_", "-")}`,
    );
  });

  test("a certificate without its key, and a key of a bucket without its secret, are refused", () => {
    writeFileSync(join(folder, "a.pem"), "");
    expect(refusal({ tls_cert_file: "a.pem" })).toContain("tls_key_file");
    expect(refusal({ replica_access_key_id: "x" })).toContain("replica_secret_access_key belong together");
    expect(refusal({ media_secret_access_key: "x" })).toContain("media_secret_access_key belong together");
  });
});

describe("values", () => {
  test("an origin is kept in its one normal form", () => {
    expect(load({ origin: "https://PUB.example:443/" }).config.origin).toBe("https://pub.example");
    expect(load({ origin: "https://schön.example" }).config.origin).toBe("https://xn--schn-7qa.example");
  });

  test("plain http is an origin for this machine, and for insecure federation anywhere", () => {
    expect(load({ origin: "http://127.0.0.1:8080" }).config.origin).toBe("http://127.0.0.1:8080");
    const origin = "http://b.test:3001";
    expect(load({ origin, insecure_federation: "1" }).config.origin).toBe(origin);
  });

  test("with a certificate, the default origin is https", () => {
    for (const name of ["a.pem", "a.key"]) writeFileSync(join(folder, name), "");
    const { config } = load({ tls_cert_file: "a.pem", tls_key_file: "a.key" });
    expect(config.origin).toBe("https://localhost:3000");
  });

  test("a size has a unit", () => {
    expect(load({ upload_limit: "1.5 GB" }).config.uploadLimit).toBe(1_500_000_000);
    expect(load({ upload_limit: "512k" }).config.uploadLimit).toBe(512_000);
  });

  test("a translation service is an address, with its key at its end", () => {
    const address = "https://translate.example/v1/?api_key=k";
    expect(load({ translate_url: address }).config.translateUrl).toBe(address);
    for (const bad of ["translate.example", "ftp://translate.example"])
      expect(refusal({ translate_url: bad })).toBe(
        "--translate-url must be an address like https://translate.example.",
      );
    expect(refusal({ translate_url: "https://translate.example/?key=k" })).toContain("?api_key=…");
  });

  test("a replica may be a folder, and a file:// URL is one", () => {
    expect(load({ replica_url: "copies" }).config.replicaUrl).toBe(join(folder, "copies"));
    expect(load({ replica_url: "file:///mnt/usb" }).config.replicaUrl).toBe("/mnt/usb");
    expect(load({ replica_url: "s3://b/p?region=x" }).config.replicaUrl).toBe("s3://b/p?region=x");
  });
});

test("there are fewer than 25 settings, each with a sentence of help", () => {
  expect(settings.length).toBeLessThan(25);
  for (const { help } of settings) expect(help).toMatch(/[.)]$/);
});

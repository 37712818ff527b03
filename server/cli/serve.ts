/** `commons serve`: runs the server until it is told to stop. */

import { readTls } from "../http/tls.ts";
import { systemNow, toIso } from "../lib/clock.ts";
import { createLog, type Log } from "../lib/log.ts";
import type { Config } from "../settings.ts";
import { fullVersion } from "../version.ts";
import { type Call, type Command, EXIT } from "./command.ts";
import { makeDataFolder } from "./data-folder.ts";
import { claimLink } from "./links.ts";
import type { Parts, RunningApp } from "./parts.ts";
import { tidyWhenQuiet } from "./tidy.ts";

export const serve = (parts: Parts): Command => ({
  name: "serve",
  summary: "Run the server until it is told to stop (SIGTERM or Ctrl-C).",
  async run(call) {
    const { config } = call.load();
    // Before anything is made: a server that cannot be reached shall leave no trace.
    readTls(config.tlsCertFile, config.tlsKeyFile);
    makeDataFolder(config.dataDir);
    const log = logFor(config, call);
    if (config.insecureFederation)
      log.warn(
        "insecure_federation is on: this server trusts plain http and private addresses. For tests only.",
      );
    if (isOpenButLocal(config))
      log.warn("The server listens to other machines, but its origin is this one alone. Set origin.", {
        origin: config.origin,
      });
    if (config.databaseUrl !== null && config.replicaUrl !== null)
      log.warn("replica_url is not used: it copies the embedded database alone, and database_url is set.");
    const signals = hearSignals();
    try {
      const app = await parts.start(config, log);
      try {
        await introduce(app, config, call);
        const endTidying = tidyWhenQuiet(app.releaseMemory);
        const signal = await signals.first;
        endTidying();
        log.info("Stopping", { signal });
      } finally {
        await app.stop();
      }
    } finally {
      signals.leave();
    }
    return EXIT.good;
  },
});

/** Links that it makes would lead people to their own machine. */
function isOpenButLocal({ host, origin }: Config): boolean {
  return !isLoopback(host) && isLoopback(new URL(origin).hostname);
}

const isLoopback = (name: string): boolean => /^(localhost|127\.[\d.]+|\[?::1\]?)$/.test(name);

function logFor(config: Config, call: Call): Log {
  const form = config.logForm === "auto" ? (call.isTerminal ? "text" : "json") : config.logForm;
  return createLog({ now: systemNow, level: config.logLevel, form, write: call.complain });
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Once the first has come, a second one ends the program at once; so does any after `leave`. */
function hearSignals(): { readonly first: Promise<string>; leave(): void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  const heard = new Set<string>();
  const hear = (signal: string): void => {
    if (heard.has(signal)) process.exit(EXIT.problem);
    heard.add(signal);
    resolve(signal);
  };
  for (const signal of SIGNALS) process.on(signal, hear);
  return {
    first: promise,
    leave() {
      for (const signal of SIGNALS) process.off(signal, hear);
    },
  };
}

/** What a person reads when the server is ready: where it is, where its data is, and how to claim it. */
async function introduce(app: RunningApp, config: Config, call: Call): Promise<void> {
  const claim = await app.accounts.claim.renew();
  const link = claim && claimLink(config.origin, claim.token);
  if (call.isJson) {
    call.print(
      JSON.stringify({ address: config.origin, data: config.dataDir, claim: link, version: fullVersion }),
    );
    return;
  }
  call.print(`Pub of the Commons ${fullVersion}`);
  call.print(`  Address  ${config.origin}`);
  call.print(`  Data     ${config.dataDir}`);
  if (claim && link) {
    call.print(`  Claim    ${link}`);
    call.print(`           Open it to make the admin account. Good once, until ${toIso(claim.expiresMs)}.`);
  }
}

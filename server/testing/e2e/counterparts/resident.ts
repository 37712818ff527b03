/** Somebody who lives on the compiled server, with a token for a program of their own. */
import { type Client, client } from "../client.ts";
import { type Running, runCommons, startCommons } from "../program.ts";

/** Counterparts take their time, and programs may ask only so often. */
const LOOK_AGAIN_MS = 500;

export const RESIDENT_PASSWORD = "correct horse battery staple";

/** A server that federates over plain http on this machine. */
export const startFederating = (): Promise<Running> =>
  startCommons({ env: { COMMONS_INSECURE_FEDERATION: "1" } });

export async function resident(server: Running, name: string): Promise<Client> {
  const at = { dataDir: server.dataDir, flags: ["--origin", server.origin] };
  const made = await runCommons(["user", "create", name, "--password-file", "-"], {
    ...at,
    stdin: `${RESIDENT_PASSWORD}\n`,
  });
  const token = await runCommons(["token", "create", "--user", name, "--scopes", "read write"], at);
  if (made.code !== 0 || token.code !== 0) throw new Error(made.stderr + token.stderr);
  return client(server.origin, name, token.stdout.trim(), LOOK_AGAIN_MS);
}

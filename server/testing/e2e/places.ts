/** Places elsewhere where people sign in, on this machine: npm's oidc-provider and oauth2-mock-server. */
import type { Server } from "node:http";
import { createServer } from "node:https";
import { OAuth2Server } from "oauth2-mock-server";
import Provider from "oidc-provider";
import { freePort } from "../../../scripts/postgres.ts";
import { type Browse, newBrowse } from "./client.ts";

export const CLIENT = { id: "commons", secret: "a secret of forty characters or even more" };

export interface Place {
  readonly issuer: string;
  /** PEM, where it speaks https. */
  readonly certificate?: string | undefined;
  stop(): Promise<void>;
}

/** A certificate for this machine, and its key, as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export function makeCertificate(): Certificate {
  const made = Bun.spawnSync(
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=sso -addext subjectAltName=IP:127.0.0.1 -keyout - -out -".split(
      " ",
    ),
  );
  const text = made.stdout.toString();
  const at = text.indexOf("-----BEGIN CERTIFICATE");
  if (made.exitCode !== 0 || at < 0) throw new Error(made.stderr.toString());
  return { key: text.slice(0, at), certificate: text.slice(at) };
}

/** Panva's certified provider, over https where it is given a certificate. Whoever signs in as `ada` has the address `ada@school.example`, checked. */
export async function certifiedPlace(
  redirectUris: () => readonly string[],
  secured: Certificate | null = null,
  givenPort: number | null = null,
): Promise<Place> {
  const port = givenPort ?? (await freePort());
  const issuer = `${secured === null ? "http" : "https"}://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [...redirectUris()],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    cookies: { keys: ["one"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
    features: { devInteractions: { enabled: true } },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        name: "Ada Okafor",
        preferred_username: id,
        email: `${id}@school.example`,
        email_verified: true,
      }),
    }),
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const server: Server =
    secured === null
      ? provider.listen(port, "127.0.0.1", resolve)
      : createServer({ key: secured.key, cert: secured.certificate }, provider.callback()).listen(
          port,
          "127.0.0.1",
          resolve,
        );
  await promise;
  return { issuer, certificate: secured?.certificate, stop: async () => void server.close() };
}

/** Signs in and says yes on its pages; the address to which it sends the browser back. */
export async function throughCertified(place: Place, address: string, login: string): Promise<string> {
  const browse: Browse = newBrowse(place.issuer, place.certificate);
  let response = await browse(address);
  for (;;) {
    const location = response.headers.get("location");
    if (location !== null) {
      const next = new URL(location, place.issuer);
      if (next.origin !== place.issuer) return next.href;
      response = await browse(next.href);
      continue;
    }
    const html = await response.text();
    const action = /action="([^"]+)"/.exec(html)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(html)?.[1];
    if (action === undefined || prompt === undefined) throw new Error(html);
    response = await browse(action, new URLSearchParams({ prompt, login, password: "any" }));
  }
}

export interface MockPlace extends Place {
  /** Says this in its ID Tokens and in their headers; with the algorithm `none` they have no signature. */
  bend(claims: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): void;
}

/** Says of everybody that they are `johndoe`. */
export async function mockPlace(): Promise<MockPlace> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.issuer.url = issuer;
  let bent: [object, object] = [{}, {}];
  server.service.on("beforeTokenSigning", (token: { header: object; payload: object }) => {
    Object.assign(token.payload, bent[0]);
    Object.assign(token.header, bent[1]);
  });
  server.service.on("beforeResponse", ({ body }: { body: Record<string, unknown> }) => {
    const { alg } = bent[1] as { alg?: string };
    if (alg !== "none") return;
    const payload = String(body.id_token).split(".")[1];
    body.id_token = `${Buffer.from(JSON.stringify({ alg })).toString("base64url")}.${payload}.`;
  });
  return {
    issuer,
    bend: (claims, header = {}) => {
      bent = [claims, header];
    },
    stop: () => server.stop(),
  };
}

/** Places elsewhere where people sign in, on this machine: npm's oidc-provider and oauth2-mock-server. */
import type { Server } from "node:http";
import { OAuth2Server } from "oauth2-mock-server";
import Provider from "oidc-provider";
import { freePort } from "../../../scripts/postgres.ts";
import { type Browse, newBrowse } from "./client.ts";

export const CLIENT = { id: "commons", secret: "a secret of forty characters or even more" };

export interface Place {
  readonly issuer: string;
  stop(): Promise<void>;
}

/** Panva's certified provider. Whoever signs in as `ada` has the address `ada@school.example`, checked. */
export async function certifiedPlace(redirectUris: () => readonly string[]): Promise<Place> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
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
  const server: Server = provider.listen(port, "127.0.0.1", resolve);
  await promise;
  return { issuer, stop: async () => void server.close() };
}

/** Signs in and says yes on its pages; the address to which it sends the browser back. */
export async function throughCertified(place: Place, address: string, login: string): Promise<string> {
  const browse: Browse = newBrowse(place.issuer);
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

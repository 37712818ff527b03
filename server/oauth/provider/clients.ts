/** Programs: how they register (RFC 7591) and how they prove who they are (RFC 6749 §2.3). */
import type { Now } from "../../lib/clock.ts";
import type { Keys } from "../../lib/id.ts";
import { newToken, sameSecret, sha256 } from "../../lib/secret.ts";
import type { Db } from "../../storage/db.ts";
import type { ClientDocuments } from "./client-documents.ts";
import {
  type AppMetadata,
  type ClientMetadata,
  type Described,
  readApp,
  readMetadata,
} from "./client-metadata.ts";
import { oauthProblem } from "./errors.ts";
import type { Parameters } from "./parameters.ts";
import { type Client, findClientById, insertClient } from "./store-clients.ts";

export interface RegisteredClient {
  readonly client: Client;
  /** Shown once; null for a public client. */
  readonly secret: string | null;
}

export interface Clients {
  /** RFC 7591. Throws `invalid_redirect_uri` or `invalid_client_metadata`. */
  register(metadata: ClientMetadata): Promise<RegisteredClient>;
  /** Mastodon's `POST /api/v1/apps`; there is always a secret. Throws as `register` does. */
  registerApp(app: AppMetadata): Promise<RegisteredClient>;
  /** As it is known here; null for a client that never registered, or was forgotten. */
  find(id: string): Promise<Client | null>;
  /**
   * The same, and a client whose id is the address of its metadata is looked up there, in the name of `asker` (key of
   * an account). Throws `invalid_client_metadata` where the document is no good, Problem `too-many`.
   */
  meet(id: string, asker: number): Promise<Client | null>;
  /** Who calls the token endpoint, by HTTP Basic or parameters. Throws `invalid_client`, `invalid_request`. */
  authenticate(request: Request, parameters: Parameters): Promise<Client>;
}

export function createClients(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  allowsHttp: boolean;
  documents: ClientDocuments | null;
}): Clients {
  const { db, now, keys, allowsHttp, documents } = deps;

  async function keep(described: Described): Promise<RegisteredClient> {
    const secret = described.authMethod === "none" ? null : newToken();
    const client: Client = {
      ...described,
      key: keys.next(),
      id: newToken(),
      secret: secret === null ? null : sha256(secret),
      createdMs: now(),
    };
    await db.batch([insertClient(client)]);
    return { client, secret };
  }

  return {
    register: async (metadata) => keep(readMetadata(metadata, allowsHttp)),
    registerApp: async (app) => keep(readApp(app, allowsHttp)),
    find: (id) => findClientById(db, id),
    meet: async (id, asker) => (await documents?.find(id, asker)) ?? findClientById(db, id),
    async authenticate(request, parameters) {
      const { id, secret } = credentials(request, parameters);
      const client = await findClientById(db, id);
      const isGood =
        client !== null &&
        (client.secret === null || (secret !== null && sameSecret(client.secret, sha256(secret))));
      if (isGood) return client;
      throw oauthProblem(
        "invalid_client",
        "This program is not known here, or its secret is wrong. Register again.",
      );
    },
  };
}

/** RFC 7591 §3.2.1: everything that was registered. Times are in seconds. */
export const registrationAnswer = ({ client, secret }: RegisteredClient): Record<string, unknown> => ({
  client_id: client.id,
  client_id_issued_at: Math.floor(client.createdMs / 1000),
  ...(secret === null ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
  client_name: client.name,
  ...(client.website === null ? {} : { client_uri: client.website }),
  redirect_uris: client.redirectUris,
  grant_types: client.grantTypes,
  response_types: client.grantTypes.includes("authorization_code") ? ["code"] : [],
  scope: client.scopes.join(" "),
  token_endpoint_auth_method: client.authMethod,
  ...(client.softwareId === null ? {} : { software_id: client.softwareId }),
  ...(client.softwareVersion === null ? {} : { software_version: client.softwareVersion }),
});

function credentials(request: Request, parameters: Parameters): { id: string; secret: string | null } {
  const basic = /^basic +([\w+/=-]+)$/i.exec(request.headers.get("authorization")?.trim() ?? "")?.[1];
  const idInBody = parameters.get("client_id");
  if (basic === undefined) {
    if (idInBody === undefined) throw oauthProblem("invalid_client", "The parameter client_id is missing.");
    return { id: idInBody, secret: parameters.get("client_secret") ?? null };
  }
  const decoded = Buffer.from(basic, "base64").toString();
  const colon = decoded.indexOf(":");
  if (colon < 0) throw oauthProblem("invalid_client", "The Authorization header is malformed.");
  const id = formDecoded(decoded.slice(0, colon));
  // RFC 6749 §2.3: one way to authenticate in each request.
  if (parameters.has("client_secret") || (idInBody !== undefined && idInBody !== id)) {
    throw oauthProblem(
      "invalid_request",
      "Give the client's credentials once, in the header or in the body.",
    );
  }
  return { id, secret: formDecoded(decoded.slice(colon + 1)) };
}

/** RFC 6749 §2.3.1 and appendix B. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    // @NOTE Many clients send it as it is; a stray percent sign then is one.
    return text;
  }
}

/** What the tests of strict programs share: finding the server, registering, and whether a token is good. */
import * as oauth from "oauth4webapi";

export const INSECURE = { [oauth.allowInsecureRequests]: true };

/** RFC 8414. */
export async function discover(origin: string): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(origin);
  const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...INSECURE });
  return oauth.processDiscoveryResponse(issuer, found);
}

/** RFC 7591. */
export const register = async (as: oauth.AuthorizationServer, metadata: object): Promise<oauth.Client> =>
  (await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(as, metadata, INSECURE),
  )) as oauth.Client;

/** 200 where the token is good for somebody's profile. */
export const statusWith = async (as: oauth.AuthorizationServer, token: string): Promise<number> =>
  (await fetch(as.userinfo_endpoint ?? "", { headers: { authorization: `Bearer ${token}` } })).status;

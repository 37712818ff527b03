/** What tests use of oidc-provider, which has no types of its own. */
declare module "oidc-provider" {
  import type { RequestListener, Server } from "node:http";
  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): RequestListener;
    listen(port: number, host: string, started: () => void): Server;
  }
}

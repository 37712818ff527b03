/** `/api/v1/accounts`: who somebody is, and who one is oneself. */
import { type AnyElysia, Elysia } from "elysia";
import { credentialAccountOf } from "../credentials.ts";
import type { Face } from "../face.ts";

export const accountsRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon accounts" }).get(
    "/api/v1/accounts/verify_credentials",
    face.endpoint("read:accounts", (call) => credentialAccountOf(face, call.me.accountKey)),
  ) as unknown as AnyElysia;

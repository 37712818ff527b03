/** `POST /api/v1/accounts`: somebody makes an account in their app, by the rules of this server. */
import { type AnyElysia, Elysia } from "elysia";
import type { SignUpRequest } from "../../../accounts/sign-up.ts";
import { originOfRequest } from "../../../http/connection.ts";
import { isProblem, Problem } from "../../../lib/problem.ts";
import { allows } from "../../../oauth/provider/scopes.ts";
import type { Call, Face, Handler } from "../face.ts";

export const signUpRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon sign-up" }).post("/api/v1/accounts", signUp(face), {
    parse: "none",
  }) as unknown as AnyElysia;

/** By the program's own token (client credentials); the answer is a token for the new account, good once it is let in. */
const signUp = (face: Face): Handler =>
  face.open("write:accounts", async (call) => {
    const holder = await face.viewers.requireClient(call.request);
    if (!allows(holder.scopes, "write:accounts"))
      throw new Problem("forbidden", "This action is outside the authorized scopes");
    const client = await face.oauth.clients.find(holder.client.id);
    if (client === null) throw new Problem("unauthenticated", "The access token is invalid");
    try {
      const wanted = askedIn(call);
      // A token would go around what people of their role have to set up first.
      const invited = await face.accounts.invitations.find(wanted.invitation ?? "");
      if (face.accounts.factors.isRequired(invited?.role ?? "member"))
        throw new Problem(
          "forbidden",
          "People here need a second step to sign in. Join on this server's own pages.",
        );
      const account = await face.accounts.signUp(wanted, originOfRequest(call.request));
      return await face.oauth.tokens.welcome(client, account);
    } catch (error) {
      const refused = isProblem(error) ? refusalOf(error) : null;
      if (refused === null) throw error;
      return refused;
    }
  });

function askedIn({ params }: Call): SignUpRequest {
  if (params.flag("agreement") !== true)
    throw new Problem("invalid", "The rules of this server must be accepted.", { field: "agreement" });
  const said = (name: string, as: string) => {
    const value = params.text(name);
    return value === null || value === "" ? {} : { [as]: value };
  };
  return {
    name: params.text("username") ?? "",
    password: params.text("password") ?? "",
    ...said("email", "email"),
    ...said("reason", "reason"),
    ...said("locale", "locale"),
    // Not of Mastodon: a server that is entered by invitation takes its code here.
    ...said("invite_code", "invitation"),
  };
}

/** Our fields and reasons in their words. */
const FIELDS: Readonly<Record<string, string>> = {
  name: "username",
  invitation: "invite_code",
};
const REASONS: Readonly<Record<string, string>> = {
  "name-taken": "ERR_TAKEN",
  "email-taken": "ERR_TAKEN",
  "name-reserved": "ERR_RESERVED",
  "name-missing": "ERR_BLANK",
  "invitation-missing": "ERR_BLANK",
  "name-too-long": "ERR_TOO_LONG",
  "password-long": "ERR_TOO_LONG",
  "reason-too-long": "ERR_TOO_LONG",
  "password-short": "ERR_TOO_SHORT",
  "email-domain": "ERR_BLOCKED",
};

/** What is wrong with a field, as clients mark it; null for what is wrong with no field. */
function refusalOf({ code, message, detail }: Problem): Response | null {
  if (detail.field === undefined || (code !== "invalid" && code !== "conflict")) return null;
  const field = FIELDS[detail.field] ?? detail.field;
  const error = field === "agreement" ? "ERR_ACCEPTED" : (REASONS[detail.reason ?? ""] ?? "ERR_INVALID");
  const body = {
    error: `Validation failed: ${message}`,
    details: { [field]: [{ error, description: message }] },
  };
  return Response.json(body, { status: 422 });
}

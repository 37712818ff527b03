/** Whether somebody who is signed in has shown a moment ago who they are, and where they show it. */
import type { Account } from "../../server/accounts/account.ts";
import { PROVED_MS } from "../../server/accounts/sessions.ts";
import { Problem } from "../../server/lib/problem.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { CONFIRM } from "../forms-sign-in.ts";
import { type Answer, goTo } from "./answer.ts";

export const isProven = (deps: WebDeps, { viewer }: Visit): boolean =>
  viewer !== null && deps.now() - (viewer.provedMs ?? 0) < PROVED_MS;

/** @throws Problem `unauthenticated`, or `forbidden` where the person has to show first who they are. */
export function proven(deps: WebDeps, visit: Visit): Account {
  const { account } = signedIn(visit);
  if (isProven(deps, visit)) return account;
  throw new Problem("forbidden", "Show once more who you are, then do it again.", { reason: "not-proven" });
}

export const toConfirm = (path: string): Answer => goTo(`${CONFIRM.path}?return=${encodeURIComponent(path)}`);

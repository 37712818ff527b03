/** Coming in with a code on paper, and on to the page on which a new passkey is added. */
import { originOfRequest } from "../../server/http/connection.ts";
import type { Visit, WebDeps } from "../face.ts";
import { localReturn, PATHS } from "../forms.ts";
import { FACTORS, RECOVER } from "../forms-sign-in.ts";
import type { PageView } from "../page.ts";
import { recoverPage } from "../pages/recover.ts";
import { goTo, orAgain, type Post } from "./answer.ts";
import { sessionCookie } from "./cookies.ts";

export const recoverLoad = async (_deps: WebDeps, { context, url }: Visit): Promise<PageView> =>
  recoverPage(context, { returnTo: localReturn(url.searchParams.get(RECOVER.fields.return), PATHS.home) });

export const recover: Post = (deps, visit, fields) => {
  const { fields: f } = RECOVER;
  const returnTo = localReturn(fields.get(f.return), PATHS.home);
  return orAgain(
    visit,
    fields,
    (form) => recoverPage(visit.context, { returnTo, form }),
    async () => {
      const { session } = await deps.accounts.recovery.enter(
        { login: fields.get(f.name) ?? "", code: fields.get(f.code) ?? "" },
        originOfRequest(visit.request),
      );
      const next = returnTo === PATHS.home ? "" : `?${FACTORS.return}=${encodeURIComponent(returnTo)}`;
      const done = { kind: "good", text: visit.context.words.recover.done } as const;
      return goTo(`${FACTORS.path}${next}`, done, [sessionCookie(deps, session), deps.cookies.clearStep()]);
    },
  );
};

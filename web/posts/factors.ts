/** Forms of the page on which people decide how they sign in. */
import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { deviceOf } from "../device.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { type FormState, localReturn } from "../forms.ts";
import { CODES, FACTORS, RECOVER, RECOVERY_FILE } from "../forms-sign-in.ts";
import type { PageView } from "../page.ts";
import { codesPage } from "../pages/settings/codes.ts";
import { factorsPage } from "../pages/settings/factors.ts";
import { recoveryPage } from "../pages/settings/recovery.ts";
import { type Answer, goTo, orAgain, type Post } from "./answer.ts";
import { isProven, proven, toConfirm } from "./proof.ts";

export async function factorsView(deps: WebDeps, visit: Visit, form?: FormState): Promise<PageView> {
  const { account, viewer } = signedIn(visit);
  const [state, passkeys, linked, places] = await Promise.all([
    deps.accounts.factors.state(account),
    deps.accounts.passkeys.list(account.key),
    deps.accounts.identities.list(account.key),
    deps.elsewhere.places(),
  ]);
  return factorsPage(visit.context, {
    ...state,
    hasPassword: account.hasPassword,
    passkeys: passkeys.map(({ key, ...item }) => ({ id: String(key), ...item })),
    linked: linked.map(({ key, ...item }) => ({ id: String(key), ...item })),
    places: places.map(({ key, name }) => ({ provider: String(key), place: name })),
    takesServers: deps.elsewhere.takesServers(),
    isUnlocked: isProven(deps, visit),
    mustSetUp: viewer.mustSetUp === true,
    device: deviceOf(visit.request.headers.get("user-agent") ?? ""),
    ...wasGoing(visit),
    ...(form ? { form } : {}),
  });
}

function wasGoing({ url }: Visit): { readonly returnTo?: string } {
  const returnTo = localReturn(url.searchParams.get(FACTORS.return), "");
  return returnTo === "" ? {} : { returnTo };
}

export const factorsLoad = (deps: WebDeps, visit: Visit): Promise<PageView> => factorsView(deps, visit);

export const factors: Post = (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  const { fields: f, actions, path } = FACTORS;
  const said = visit.context.words.factors;
  if (!isProven(deps, visit)) return Promise.resolve(toConfirm(path));
  return orAgain(
    visit,
    fields,
    (form) => factorsView(deps, visit, form),
    async () => {
      const account = proven(deps, visit);
      const session = viewer.sessionKey ?? 0;
      const key = parseKey(fields.get(f.key)) ?? 0;
      const { passkeys, factors: rules, passwords, identities } = deps.accounts;
      switch (fields.get(f.action)) {
        case actions.renamePasskey:
          await passkeys.rename(account, key, fields.get(f.name) ?? "");
          return goTo(path, { kind: "good", text: said.renamed });
        case actions.removePasskey:
          await passkeys.remove(account, key, session);
          return goTo(path, { kind: "good", text: said.saved });
        case actions.removeCodes:
          await rules.removeCodes(account, session);
          return goTo(path, { kind: "good", text: said.saved });
        case actions.renewRecovery:
          return sheet(visit, await rules.renewRecovery(account), path);
        case actions.removePassword:
          return sheetOrSaved(visit, await passwords.remove(account, session), path);
        case actions.unlink:
          await identities.unlink(account, key, session);
          return goTo(path, { kind: "good", text: said.unlinked });
        default:
          throw new Problem("invalid", "The form does not say what to do.");
      }
    },
  );
};

const sheet = (visit: Visit, codes: readonly string[], returnTo: string): Answer => ({
  page: recoveryPage(visit.context, { codes, returnTo }),
  status: 200,
});

/** The sheet where there is a new one. */
export const sheetOrSaved = (visit: Visit, codes: readonly string[] | null, returnTo: string): Answer =>
  codes === null
    ? goTo(returnTo, { kind: "good", text: visit.context.words.factors.saved })
    : sheet(visit, codes, returnTo);

export async function codesLoad(deps: WebDeps, visit: Visit): Promise<Answer> {
  signedIn(visit);
  if (!isProven(deps, visit)) return toConfirm(CODES.path);
  const account = proven(deps, visit);
  if ((await deps.accounts.factors.of(account.key)).codes) return goTo(FACTORS.path);
  const returnTo = localReturn(visit.url.searchParams.get(CODES.fields.return), FACTORS.path);
  const setup = await deps.accounts.factors.beginCodes(account);
  return { page: codesPage(visit.context, { ...setup, returnTo }), status: 200 };
}

export const codes: Post = (deps, visit, fields) => {
  signedIn(visit);
  if (!isProven(deps, visit)) return Promise.resolve(toConfirm(CODES.path));
  const account = proven(deps, visit);
  const { factors: rules } = deps.accounts;
  const returnTo = localReturn(fields.get(CODES.fields.return), FACTORS.path);
  return orAgain(
    visit,
    fields,
    async (form) => codesPage(visit.context, { ...(await rules.beginCodes(account)), returnTo, form }),
    async () => {
      const code = fields.get(CODES.fields.code) ?? "";
      const paper = await rules.confirmCodes(account, code, visit.viewer?.sessionKey ?? 0);
      return sheetOrSaved(visit, paper, returnTo);
    },
  );
};

/**
 * Only what looks like the codes that were shown: nobody's form makes a file of anything else. For those as well who have
 * joined and wait to be let in.
 */
const CODE = /^[a-z0-9]{4}(?:-[a-z0-9]{4}){2}$/;

export const recoveryFile: Post = async (deps, visit, fields) => {
  const { recovery: said } = visit.context.words;
  const given = (fields.get(RECOVERY_FILE.fields.codes) ?? "").split(" ").filter((code) => CODE.test(code));
  const { name, host } = visit.context.site;
  const lines = [
    said.file(name, host),
    "",
    ...given,
    "",
    said.once,
    said.use,
    `${deps.origin}${RECOVER.path}`,
    "",
  ];
  return { file: { name: `recovery-codes-${host}.txt`, text: lines.join("\r\n") } };
};

/** Browsers that are signed in, and the end of each. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { icon } from "../../components/icon.ts";
import { pushSwitch } from "../../components/push-switch.ts";
import { time } from "../../components/time.ts";
import { SESSIONS } from "../../forms.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface SessionItem {
  readonly id: string;
  /** Browser and system in words, as far as known: `Firefox on Linux`. */
  readonly device: string | null;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  readonly isThis: boolean;
  readonly how: "password" | "passkey" | "elsewhere" | "recovery";
  /** The place elsewhere, by its name. */
  readonly via: string | null;
  /** What was asked after that. */
  readonly factor: "code" | "recovery" | "passkey" | null;
}

export function sessionsPage(
  context: PageContext,
  props: {
    readonly sessions: readonly SessionItem[];
    readonly hasApps: boolean;
    /** What push services know this server by. */
    readonly serverKey: string;
  },
): PageView {
  const { words } = context;
  const end = (session: string, label: string) => html`<form method="post" action=${SESSIONS.path}>
    ${csrfField(context)}${hidden(SESSIONS.fields.session, session)}
    <button class="button button-quiet">${label}</button>
  </form>`;
  return settingsView(
    context,
    words.settings.sessions,
    html`<section class="section">
      <h2>${words.settings.sessionsTitle}</h2>
      <p class="quiet">${words.settings.sessionsText}</p>
      <ul class="sheet feed">
        ${props.sessions.map(
          (session) => html`<li key=${session.id} class="line">
            ${icon("monitor-smartphone")}
            <div class="line-text">
              <strong>${session.device ?? words.settings.unknownDevice}</strong>
              <span class="small quiet">
                ${words.settings.lastUsed} ${time(context, session.lastUsedMs)} · ${words.settings.signedIn}
                ${" "}${time(context, session.createdMs)} ${inWords(context, session)}
              </span>
            </div>
            ${session.isThis ? html`<span class="badge badge-good">${words.settings.thisSession}</span>` : end(session.id, words.settings.endSession)}
          </li>`,
        )}
      </ul>
      ${(props.sessions.length > 1 || props.hasApps) && end("others", words.settings.endOthers)}
    </section>
    ${pushSwitch(context, props.serverKey)}`,
  );
}

/** `with password and a code`. */
function inWords({ words: { signedInWith: said } }: PageContext, { how, via, factor }: SessionItem): string {
  if (how === "recovery") return said.paper;
  const first = how === "elsewhere" ? said.elsewhere(via ?? "") : said[how];
  return factor === null ? first : `${first} ${factor === "passkey" ? said.andPasskey : said[factor]}`;
}

/** How one signs in: password, passkeys, codes of an app, the sheet of codes on paper, accounts elsewhere. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { awayButton } from "../../components/away-button.ts";
import { field, formProblem } from "../../components/field.ts";
import { icon } from "../../components/icon.ts";
import { passkeyForm } from "../../components/passkey-form.ts";
import { serverForm } from "../../components/server-form.ts";
import { time } from "../../components/time.ts";
import { unlock } from "../../components/unlock.ts";
import { EMPTY_FORM, type FormState, PASSWORD } from "../../forms.ts";
import { CODES, FACTORS, PASSKEY } from "../../forms-sign-in.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface PasskeyItem {
  readonly id: string;
  readonly name: string;
  readonly backup: "never" | "possible" | "done";
  readonly createdMs: number;
  readonly usedMs: number | null;
}

export interface LinkedItem {
  readonly id: string;
  readonly place: string;
  readonly label: string;
  readonly createdMs: number;
}

export interface FactorsProps {
  readonly hasPassword: boolean;
  readonly passkeys: readonly PasskeyItem[];
  readonly codesSinceMs: number | null;
  readonly recoveryLeft: number;
  readonly linked: readonly LinkedItem[];
  /** Places that can be linked: key and name. */
  readonly places: readonly { readonly provider: string; readonly place: string }[];
  /** Whether a server of the Fediverse can be named. */
  readonly takesServers: boolean;
  /** Whether the person has just proven who they are; otherwise nothing can be changed. */
  readonly isUnlocked: boolean;
  /** The role needs a second factor, and there is none. */
  readonly mustSetUp: boolean;
  /** This device in words, as far as its browser tells: what a new passkey may be called. */
  readonly device: string | null;
  /** Where the person was going, who had to set one up first. */
  readonly returnTo?: string;
  readonly form?: FormState;
}

export function factorsPage(context: PageContext, props: FactorsProps): PageView {
  const { words } = context;
  const { factors: said } = words;
  const { form = EMPTY_FORM } = props;
  const leadsAway = props.places.length > 0 || props.takesServers;
  const view = settingsView(
    context,
    said.tab,
    html`
      ${formProblem(form, words.form.somethingWrong)}
      ${props.mustSetUp && html`<p class="notice-strip" role="status">${icon("shield")}${said.must}</p>`}
      ${!props.isUnlocked && unlock(said.unlockText, said.unlock, FACTORS.path)}
      ${!props.mustSetUp && passwordPart(context, props)}${passkeyPart(context, props, form)}${codesPart(context, props)}
      ${(props.codesSinceMs !== null || props.passkeys.length > 0) && recoveryPart(context, props)}
      ${!props.mustSetUp && (props.linked.length > 0 || leadsAway) && elsewherePart(context, props, form)}`,
  );
  return { ...view, formTargets: leadsAway ? ["https:"] : [] };
}

const button = (
  context: PageContext,
  action: string,
  label: string,
  more: { readonly key?: string; readonly name?: string } = {},
): Html => html`<form method="post" action=${FACTORS.path}>
  ${csrfField(context)}${hidden(FACTORS.fields.action, action)}${more.key && hidden(FACTORS.fields.key, more.key)}
  <button class="button button-quiet" aria-label=${more.name}>${label}</button>
</form>`;

function passwordPart(context: PageContext, props: FactorsProps): Html {
  const { factors: said } = context.words;
  const mayGoWithout = props.hasPassword && (props.passkeys.length > 0 || props.linked.length > 0);
  return html`<section class="section">
    <h2>${said.password}</h2>
    <div class="sheet sheet-body">
      <p>${props.hasPassword ? said.hasPassword : said.noPassword}</p>
      <div class="button-row">
        <a class="button button-quiet" href=${PASSWORD.path}>${props.hasPassword ? said.changePassword : said.setPassword}</a>
        ${props.isUnlocked && mayGoWithout && button(context, FACTORS.actions.removePassword, said.removePassword)}
      </div>
    </div>
  </section>`;
}

function passkeyPart(context: PageContext, props: FactorsProps, form: FormState): Html {
  const { factors: said } = context.words;
  return html`<section class="section">
    <h2>${said.passkeys}</h2>
    <p class="quiet">${said.passkeysText}</p>
    ${
      props.passkeys.length === 0
        ? html`<p class="quiet">${said.noPasskeys}</p>`
        : html`<ul class="sheet feed">${props.passkeys.map((item) => passkeyLine(context, item, props.isUnlocked))}</ul>`
    }
    ${
      props.isUnlocked &&
      html`<div class="sheet sheet-body">
        <p class="quiet" data-without-passkeys>${said.passkeyScripts}</p>
        ${passkeyForm(context, {
          use: "new",
          label: said.addPasskey,
          returnTo: props.returnTo ?? FACTORS.path,
          children: field({
            name: PASSKEY.fields.name,
            label: said.passkeyName,
            form,
            value: props.device ?? "",
            maxLength: 60,
            autocomplete: "off",
          }),
        })}
      </div>`
    }
  </section>`;
}

function passkeyLine(context: PageContext, item: PasskeyItem, isUnlocked: boolean): Html {
  const { factors: said, form: words } = context.words;
  const name = item.name || said.unnamed;
  return html`<li key=${item.id} class="line">
    ${icon("key-round")}
    <div class="line-text">
      <strong><bdi>${name}</bdi></strong>
      <span class="small quiet">
        ${said.added} ${time(context, item.createdMs)} ·
        ${" "}${item.usedMs === null ? said.neverUsed : html`${said.lastUsed} ${time(context, item.usedMs)}`}
        ${item.backup === "never" && ` · ${said.backupNever}`}${item.backup === "done" && ` · ${said.backupDone}`}
      </span>
    </div>
    ${isUnlocked && button(context, FACTORS.actions.removePasskey, said.remove, { key: item.id, name: said.removeOf(name) })}
    ${
      isUnlocked &&
      html`<details class="more">
        <summary>${icon("pencil")}${said.rename}</summary>
        <form class="button-row" method="post" action=${FACTORS.path}>
          ${csrfField(context)}${hidden(FACTORS.fields.action, FACTORS.actions.renamePasskey)}
          ${hidden(FACTORS.fields.key, item.id)}
          <input class="input" name=${FACTORS.fields.name} value=${item.name} maxlength="60" required dir="auto"
            autocomplete="off" aria-label=${said.renameOf(name)} />
          <button class="button button-quiet">${words.save}</button>
        </form>
      </details>`
    }
  </li>`;
}

function codesPart(context: PageContext, props: FactorsProps): Html {
  const { factors: said } = context.words;
  return html`<section class="section">
    <h2>${said.codes}</h2>
    <div class="sheet sheet-body">
      <p>${props.codesSinceMs === null ? said.codesText : html`${said.codesOn} ${time(context, props.codesSinceMs)}.`}</p>
      ${
        props.isUnlocked &&
        (props.codesSinceMs === null
          ? html`<p><a class="button button-quiet" href=${props.returnTo === undefined ? CODES.path : `${CODES.path}?${CODES.fields.return}=${encodeURIComponent(props.returnTo)}`}>${said.setUpCodes}</a></p>`
          : button(context, FACTORS.actions.removeCodes, said.removeCodes))
      }
    </div>
  </section>`;
}

function recoveryPart(context: PageContext, props: FactorsProps): Html {
  const { factors: said } = context.words;
  return html`<section class="section">
    <h2>${said.recovery}</h2>
    <div class="sheet sheet-body">
      <p>${said.recoveryText} ${said.recoveryLeft(props.recoveryLeft)}.</p>
      ${!props.hasPassword && props.passkeys.length > 0 && html`<p>${said.recoveryAlone}</p>`}
      ${props.isUnlocked && button(context, FACTORS.actions.renewRecovery, said.renewRecovery)}
    </div>
  </section>`;
}

function elsewherePart(context: PageContext, props: FactorsProps, form: FormState): Html {
  const { factors: said } = context.words;
  return html`<section class="section">
    <h2>${said.elsewhere}</h2>
    <p class="quiet">${said.elsewhereText}</p>
    ${
      props.linked.length === 0
        ? html`<p class="quiet">${said.noElsewhere}</p>`
        : html`<ul class="sheet feed">
          ${props.linked.map(
            (item) => html`<li key=${item.id} class="line">
              ${icon("link")}
              <div class="line-text">
                <strong><bdi>${item.place}</bdi></strong>
                <span class="small quiet"><bdi>${item.label}</bdi> · ${time(context, item.createdMs)}</span>
              </div>
              ${props.isUnlocked && button(context, FACTORS.actions.unlink, said.unlink, { key: item.id, name: said.unlinkOf(item.place) })}
            </li>`,
          )}
        </ul>`
    }
    ${
      props.isUnlocked &&
      html`<div class="button-row">
        ${props.places.map(({ provider, place }) =>
          awayButton(context, { provider, use: "link", label: said.linkTo(place), returnTo: FACTORS.path }),
        )}
      </div>
      ${props.takesServers && serverForm(context, { use: "link", label: said.linkServer, returnTo: FACTORS.path, form })}`
    }
  </section>`;
}

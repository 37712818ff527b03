/** Moving house: other accounts of the person, where their followers go, and the lists that they take along. */
import type { ArchiveState } from "../../../server/federation/archive.ts";
import type { ListName } from "../../../server/federation/belongings.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices } from "../../components/choices.ts";
import { field, formProblem } from "../../components/field.ts";
import { fileField } from "../../components/file-field.ts";
import { icon } from "../../components/icon.ts";
import { dateOf, endOf } from "../../components/time.ts";
import { unlock } from "../../components/unlock.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { ARCHIVE_FILE, CARRIED_FILES, CARRY, MOVING } from "../../forms-moving.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { safeHref } from "../../safe-href.ts";
import { sizeInWords } from "../../words/number.ts";
import { settingsView } from "./view.ts";

/** Another account, by its name where that is known; else by its address. */
export interface OtherAccount {
  readonly iri: string;
  readonly name: string;
}

export interface MovingProps {
  readonly aliases: readonly OtherAccount[];
  readonly movedTo: OtherAccount | null;
  /** When the person may move again; null where that is now. */
  readonly nextMs: number | null;
  readonly counts: Readonly<Record<ListName, number>>;
  /** Lines of a list that are still being read in. */
  readonly waiting: number;
  readonly archive: ArchiveState;
  /** Whether the person has just proven who they are; otherwise nobody moves. */
  readonly isUnlocked: boolean;
  readonly form?: FormState;
}

const LISTS = [
  "following",
  "lists",
  "blocked",
  "muted",
  "domains",
  "bookmarks",
] as const satisfies readonly ListName[];

export function movingPage(context: PageContext, props: MovingProps): PageView {
  const { form = EMPTY_FORM } = props;
  return settingsView(
    context,
    context.words.moving.title,
    html`
      ${formProblem(form, context.words.form.somethingWrong)}
      ${comingIn(context, props, form)}
      ${props.movedTo ? hasMoved(context, props.movedTo) : goingOut(context, props, form)}
      ${saving(context, props)}
      ${archiving(context, props.archive)}
      ${readingIn(context, props, form)}`,
  );
}

function comingIn(context: PageContext, { aliases }: MovingProps, form: FormState): Html {
  const { moving: said } = context.words;
  return html`<section class="section">
    <h2>${said.inTitle}</h2>
    <p class="quiet">${said.inText}</p>
    <ul class="sheet feed">
      ${aliases.length === 0 && html`<li class="line quiet">${said.noAliases}</li>`}
      ${aliases.map(
        (alias) => html`<li key=${alias.iri} class="line">
          ${icon("user-round")}
          <div class="line-text"><strong><bdi>${alias.name}</bdi></strong></div>
          <form method="post" action=${MOVING.path}>
            ${csrfField(context)}${hidden(MOVING.fields.action, MOVING.actions.remove)}${hidden(MOVING.fields.alias, alias.iri)}
            <button class="button button-quiet" aria-label=${said.removeOf(alias.name)}>${said.remove}</button>
          </form>
        </li>`,
      )}
    </ul>
    <form class="form sheet sheet-body" method="post" action=${MOVING.path}>
      ${csrfField(context)}${hidden(MOVING.fields.action, MOVING.actions.add)}
      ${field({ name: MOVING.fields.alias, label: said.alias, help: said.aliasHelp, form, isRequired: true, isCode: true, maxLength: 400 })}
      <button class="button button-quiet">${said.add}</button>
    </form>
  </section>`;
}

function goingOut(context: PageContext, { nextMs, isUnlocked }: MovingProps, form: FormState): Html {
  const { moving: said } = context.words;
  return html`<section class="section">
    <h2>${said.outTitle}</h2>
    <p class="quiet">${said.outText}</p>
    ${
      nextMs !== null
        ? html`<p class="sheet sheet-body">${said.next}: ${dateOf(context, nextMs)}</p>`
        : isUnlocked
          ? html`<form class="form sheet sheet-body" method="post" action=${MOVING.path}>
              ${csrfField(context)}${hidden(MOVING.fields.action, MOVING.actions.move)}
              ${field({ name: MOVING.fields.target, label: said.target, help: said.aliasHelp, form, isRequired: true, isCode: true, maxLength: 400 })}
              <button class="button">${said.move}</button>
            </form>`
          : unlock(said.unlockText, said.unlock, MOVING.path)
    }
  </section>`;
}

function hasMoved(context: PageContext, movedTo: OtherAccount): Html {
  const { moving: said } = context.words;
  return html`<section class="section">
    <h2>${said.outTitle}</h2>
    <div class="sheet sheet-body">
      <p>${said.movedTo} <a href=${safeHref(movedTo.iri)} rel="noopener"><bdi>${movedTo.name}</bdi></a>.</p>
      <p class="quiet">${said.movedText}</p>
      <form method="post" action=${MOVING.path}>
        ${csrfField(context)}${hidden(MOVING.fields.action, MOVING.actions.back)}
        <button class="button button-quiet">${said.back}</button>
      </form>
      <p class="field-help">${said.backText}</p>
    </div>
  </section>`;
}

function saving({ words: { moving: said } }: PageContext, { counts }: MovingProps): Html {
  return html`<section class="section">
    <h2>${said.listsTitle}</h2>
    <p class="quiet">${said.listsText}</p>
    <ul class="sheet feed">
      ${LISTS.map(
        (list) => html`<li key=${list} class="line">
          ${icon("file-text")}
          <div class="line-text">
            <strong>${said.lists[list]}</strong>
            <span class="small quiet">${said.listCount(counts[list])}</span>
          </div>
          <a class="button button-quiet" href=${`${MOVING.path}/${CARRIED_FILES[list]}`} download=${CARRIED_FILES[list]}
            aria-label=${said.saveOf(said.lists[list])}>${said.save}</a>
        </li>`,
      )}
    </ul>
  </section>`;
}

function archiving(context: PageContext, { file, isBeingMade, nextMs }: ArchiveState): Html {
  const { moving: said } = context.words;
  return html`<section class="section">
    <h2>${said.archiveTitle}</h2>
    <p class="quiet">${said.archiveText}</p>
    <div class="sheet sheet-body">
      ${isBeingMade && html`<p role="status">${said.archiveBeingMade}</p>`}
      ${
        file &&
        html`<p>
          ${said.archiveMade} ${dateOf(context, file.madeMs)}, ${sizeInWords(context.language, file.sizeBytes)}.
          ${" "}${said.archiveUntil} ${endOf(context, file.endsMs)}.
        </p>
        <p><a class="button button-quiet" href=${`${MOVING.path}/${ARCHIVE_FILE}`} download=${ARCHIVE_FILE}>${said.archiveSave}</a></p>`
      }
      ${
        !isBeingMade &&
        (nextMs === null
          ? html`<form method="post" action=${MOVING.path}>
              ${csrfField(context)}${hidden(MOVING.fields.action, MOVING.actions.archive)}
              <button class="button button-quiet">${said.archiveMake}</button>
            </form>`
          : html`<p class="quiet">${said.archiveNext}: ${dateOf(context, nextMs)}</p>`)
      }
    </div>
  </section>`;
}

function readingIn(context: PageContext, { waiting }: MovingProps, form: FormState): Html {
  const { moving: said } = context.words;
  return html`<section class="section">
    <h2>${said.readTitle}</h2>
    <p class="quiet">${said.readText}</p>
    ${waiting > 0 && html`<p class="sheet sheet-body" role="status">${said.waiting(waiting)}</p>`}
    <form class="form sheet sheet-body" method="post" action=${CARRY.path} enctype="multipart/form-data">
      ${csrfField(context)}
      ${choices({
        name: CARRY.fields.list,
        label: said.which,
        form,
        value: "following",
        options: LISTS.map((list) => ({ value: list, label: said.lists[list] })),
      })}
      ${fileField({ name: CARRY.fields.file, label: said.file, help: said.fileHelp, form, accept: ".csv,text/csv,text/plain" })}
      <button class="button button-quiet">${said.read}</button>
    </form>
  </section>`;
}

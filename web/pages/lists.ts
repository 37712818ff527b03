/** Lists of people: all of them, one with its posts, people and settings, and in which of them somebody is. */
import type { ActorView, ListView, Relationship } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { actorRow } from "../components/actor-card.ts";
import { choices, tick } from "../components/choices.ts";
import { emptyState } from "../components/empty-state.ts";
import { type FeedProps, feed } from "../components/feed.ts";
import { field, formProblem } from "../components/field.ts";
import { icon } from "../components/icon.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { nameOf } from "../components/person-chip.ts";
import { tabs } from "../components/tabs.ts";
import { EMPTY_FORM, type FormState } from "../forms.ts";
import { LIST_REPLIES, LISTS, LISTS_WITH, MAX_LIST_TITLE, MAX_NOTE_CHARACTERS } from "../forms-lists.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface ListsProps {
  readonly lists: readonly ListView[];
  /** Tags that the viewer follows, without `#`. */
  readonly tags: readonly string[];
  readonly moreTagsHref?: string | null;
  readonly form?: FormState;
}

export function listsPage(context: PageContext, props: ListsProps): PageView {
  const { lists, tags, moreTagsHref, form = EMPTY_FORM } = props;
  const { lists: said, tagFollow } = context.words;
  return {
    title: said.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: said.title, text: said.text })}
      <div class="sheet feed">
        ${
          lists.length === 0
            ? emptyState({ icon: "list-checks", title: said.emptyTitle, text: said.emptyText })
            : html`<ul class="list-names">${lists.map(listLink)}</ul>`
        }
      </div>
      <section class="section">
        <h2>${said.makeTitle}</h2>
        <form class="sheet sheet-body form" method="post" action=${LISTS.path}>
          ${formProblem(form, context.words.form.somethingWrong)}
          ${csrfField(context)}
          ${listFields(context, null, form)}
          <button class="button" name=${LISTS.fields.action} value=${LISTS.actions.make}>${said.make}</button>
        </form>
      </section>
      <section class="section">
        <h2>${tagFollow.title}</h2>
        <div class="sheet sheet-body">
          ${
            tags.length === 0
              ? html`<p class="quiet">${tagFollow.empty}</p>`
              : html`<p class="tag-names">${tags.map(
                  (tag) =>
                    html`<a key=${tag} href=${`/tags/${encodeURIComponent(tag)}`}><bdi>#${tag}</bdi></a> `,
                )}</p>`
          }
          ${moreTagsHref && pager(context, { olderHref: moreTagsHref })}
        </div>
      </section>`,
  };
}

const listLink = (list: ListView): Html =>
  html`<li key=${list.key}><a href=${pathOf(list)}>${icon("list-checks")}<bdi>${list.title}</bdi></a></li>`;

const pathOf = ({ key }: ListView): string => `${LISTS.path}/${key}`;

function listFields(context: PageContext, list: ListView | null, form: FormState): Html {
  const { lists: said } = context.words;
  const labels = {
    list: said.repliesList,
    followed: said.repliesFollowed,
    none: said.repliesNone,
  };
  return html`
    ${field({
      name: LISTS.fields.title,
      label: said.name,
      help: said.nameHelp,
      form,
      value: list?.title ?? "",
      isRequired: true,
      maxLength: MAX_LIST_TITLE,
      autocomplete: "off",
    })}
    ${choices({
      name: LISTS.fields.replies,
      label: said.replies,
      form,
      value: list?.replies ?? "list",
      options: LIST_REPLIES.map((value) => ({ value, label: labels[value] })),
    })}
    ${tick({
      name: LISTS.fields.isExclusive,
      label: said.isExclusive,
      help: said.isExclusiveHelp,
      form,
      isTicked: list?.isExclusive ?? false,
    })}`;
}

type Part = "posts" | "people" | "settings";

function listView(context: PageContext, list: ListView, part: Part, main: Html): PageView {
  const { lists: said } = context.words;
  const path = pathOf(list);
  const parts = { posts: path, people: `${path}/people`, settings: `${path}/settings` };
  return {
    title: list.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: list.title, text: html`<a href=${LISTS.path}>${said.back}</a>` })}
      ${tabs(
        said.tabs,
        (["posts", "people", "settings"] as const).map((each) => ({
          href: parts[each],
          label: said[each],
          isHere: each === part,
        })),
      )}
      ${main}`,
  };
}

export function listPage(
  context: PageContext,
  props: { readonly list: ListView; readonly feed: FeedProps },
): PageView {
  const { lists: said } = context.words;
  const empty = emptyState({
    icon: "list-checks",
    title: said.noPostsTitle,
    text: said.noPostsText,
    step: { href: `${pathOf(props.list)}/people`, label: said.people },
    isQuiet: true,
  });
  return {
    ...listView(context, props.list, "posts", feed(context, props.feed, empty)),
    ...(props.feed.newestHref ? {} : { live: { on: "list", key: props.list.key } }),
  };
}

export interface ListPeopleProps {
  readonly list: ListView;
  readonly people: readonly ActorView[];
  readonly olderHref: string | null;
  readonly form?: FormState;
}

export function listPeoplePage(context: PageContext, props: ListPeopleProps): PageView {
  const { lists: said } = context.words;
  const { list, people, olderHref, form = EMPTY_FORM } = props;
  return listView(
    context,
    list,
    "people",
    html`
      <form class="sheet sheet-body form" method="post" action=${LISTS.path} aria-label=${said.addTitle}>
        ${formProblem(form, context.words.form.somethingWrong)}
        ${csrfField(context)}${hidden(LISTS.fields.list, String(list.key))}
        ${field({
          name: LISTS.fields.handle,
          label: said.handle,
          help: said.handleHelp,
          form,
          isRequired: true,
          isCode: true,
          autocomplete: "off",
        })}
        <button class="button" name=${LISTS.fields.action} value=${LISTS.actions.add}>
          ${icon("user-plus")}${said.add}</button>
      </form>
      <div class="sheet feed">
        ${
          people.length === 0 && olderHref === null
            ? emptyState({ icon: "users-round", title: said.noPeopleTitle, text: said.noPeopleText })
            : html`${people.map((actor) => actorRow(context, { actor, actions: takeOut(context, list, actor) }))}
              ${pager(context, { olderHref })}`
        }
      </div>`,
  );
}

const takeOut = (context: PageContext, list: ListView, actor: ActorView): Html =>
  html`<form class="act-form" method="post" action=${LISTS.path}>
    ${csrfField(context)}${hidden(LISTS.fields.list, String(list.key))}${hidden(LISTS.fields.person, actor.iri)}
    <button class="button button-quiet" name=${LISTS.fields.action} value=${LISTS.actions.take}>
      ${icon("x")}${context.words.lists.take}<span class="visually-hidden"> ${nameOf(actor)}</span></button>
  </form>`;

export function listSettingsPage(
  context: PageContext,
  { list, form = EMPTY_FORM }: { readonly list: ListView; readonly form?: FormState },
): PageView {
  const { lists: said } = context.words;
  return listView(
    context,
    list,
    "settings",
    html`
      <form class="sheet sheet-body form" method="post" action=${LISTS.path}>
        ${formProblem(form, context.words.form.somethingWrong)}
        ${csrfField(context)}${hidden(LISTS.fields.list, String(list.key))}
        ${listFields(context, list, form)}
        <button class="button" name=${LISTS.fields.action} value=${LISTS.actions.save}>${said.save}</button>
      </form>
      <form class="sheet sheet-body" method="post" action=${LISTS.path}>
        ${csrfField(context)}${hidden(LISTS.fields.list, String(list.key))}
        <details class="more">
          <summary>${icon("trash-2")}${said.delete}</summary>
          <p>${said.deleteSure}</p>
          <button class="button button-bad" name=${LISTS.fields.action} value=${LISTS.actions.remove}>
            ${said.deleteNow}</button>
        </details>
      </form>`,
  );
}

export interface ListsWithProps {
  readonly person: ActorView;
  readonly lists: readonly ListView[];
  /** Keys of those that the person is in. */
  readonly holding: ReadonlySet<number>;
  readonly relationship: Relationship;
  readonly returnTo: string;
  readonly form?: FormState;
}

/** What one keeps about somebody: lists, what is seen of them, a note. */
export function listsWithPage(context: PageContext, props: ListsWithProps): PageView {
  const { lists: said, circle, form: formWords } = context.words;
  const { person, relationship, returnTo, form = EMPTY_FORM } = props;
  const title = circle.bondTitle(nameOf(person));
  return {
    title,
    isPrivate: true,
    width: "narrow",
    main: html`
      ${pageHead({ title, text: html`<a href=${person.path}><bdi>@${person.handle}</bdi></a>` })}
      <form class="sheet sheet-body form" method="post" action=${LISTS_WITH.path}>
        ${formProblem(form, formWords.somethingWrong)}
        ${csrfField(context)}${hidden(LISTS_WITH.fields.person, person.iri)}
        ${hidden(LISTS_WITH.fields.return, returnTo)}
        <fieldset class="choices">
          <legend>${circle.inLists}</legend>
          ${ticks(context, props)}
        </fieldset>
        ${relationship.following !== "no" && terms(context, relationship)}
        ${field({
          name: LISTS_WITH.fields.note,
          type: "textarea",
          label: circle.note,
          help: circle.noteHelp,
          form,
          value: relationship.remark,
          maxLength: MAX_NOTE_CHARACTERS,
        })}
        <button class="button">${said.save}</button>
      </form>`,
  };
}

function ticks(context: PageContext, { lists, holding, relationship }: ListsWithProps): Html {
  const { lists: said } = context.words;
  if (!relationship.isSelf && relationship.following === "no")
    return html`<p class="quiet">${said.chooseFollow}</p>`;
  if (lists.length === 0)
    return html`<p class="quiet">${said.emptyTitle}. <a href=${LISTS.path}>${said.make}</a></p>`;
  return html`${lists.map((list) =>
    tick({
      name: LISTS_WITH.fields.list(list.key),
      label: html`<bdi>${list.title}</bdi>`,
      form: EMPTY_FORM,
      isTicked: holding.has(list.key),
    }),
  )}`;
}

function terms({ words: { circle } }: PageContext, { showsShares, tellsPosts }: Relationship): Html {
  const { fields } = LISTS_WITH;
  return html`<fieldset class="choices">
    <legend>${circle.seen}</legend>
    ${tick({ name: fields.shares, label: circle.shares, help: circle.sharesHelp, form: EMPTY_FORM, isTicked: showsShares })}
    ${tick({ name: fields.tells, label: circle.tells, help: circle.tellsHelp, form: EMPTY_FORM, isTicked: tellsPosts })}
  </fieldset>`;
}

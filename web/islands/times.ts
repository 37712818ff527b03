/** Exact times and far dates in the reader's own time zone, which the server does not know. */

export default function mount(root: HTMLElement): void {
  const language = document.documentElement.lang;
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
  const medium = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  for (const time of root.querySelectorAll("time")) {
    const when = new Date(time.dateTime);
    if (Number.isNaN(when.getTime())) continue;
    if (time.dataset.exact === undefined) time.title = exact.format(when);
    else time.textContent = (time.dataset.exact === "medium" ? medium : moment).format(when);
  }
  // An answer to choose: nothing but text can stand in an option.
  for (const answer of root.querySelectorAll<HTMLElement>("[data-ends]"))
    answer.textContent = `${answer.dataset.words} ${medium.format(new Date(answer.dataset.ends ?? ""))}`;
}

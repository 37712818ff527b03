/** Exact times and far dates in the reader's own time zone, which the server does not know. */

export default function mount(root: HTMLElement): void {
  const language = document.documentElement.lang;
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
  for (const time of root.querySelectorAll("time")) {
    const when = new Date(time.dateTime);
    if (!Number.isNaN(when.getTime())) time.title = exact.format(when);
  }
}

/** A field for a time on the reader's own clock: says beside it how far that is from UTC. */

export default function mount(element: HTMLElement): void {
  const time = element.querySelector<HTMLInputElement>("input[type=datetime-local]");
  const zone = element.querySelector<HTMLInputElement>("input[type=hidden]");
  if (time === null || zone === null) return;
  element.querySelector("[data-without-scripts]")?.remove();
  // What stands there was written in UTC.
  if (time.value !== "" && zone.value === "0") {
    const when = new Date(`${time.value}Z`);
    const local = new Date(when.getTime() - when.getTimezoneOffset() * 60_000);
    time.value = local.toISOString().slice(0, 16);
  }
  const say = (): void => {
    const when = new Date(time.value);
    const offset = Number.isNaN(when.getTime()) ? new Date().getTimezoneOffset() : when.getTimezoneOffset();
    zone.value = String(offset);
  };
  time.addEventListener("change", say);
  time.form?.addEventListener("submit", say);
  say();
}

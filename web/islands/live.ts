/** Says that something new is there, and shows it when asked; keeps the number of new notices true. */

/** A page that nobody looks at for so long hangs up: browsers open only six lines to one server. */
const HIDDEN_MS = 20_000;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

export default function mount(element: HTMLElement): void {
  const button = element.querySelector("button");
  const status = element.querySelector("[role=status]");
  const { address = "", on, whole, one = "", many = "" } = element.dataset;
  if (button === null || status === null) return;
  const waiting = new Set<string>();
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;

  function connect(): void {
    clearTimeout(timer);
    if (source !== null || document.hidden) return;
    const opened = new EventSource(withSince(address));
    source = opened;
    opened.addEventListener("open", () => {
      retryMs = FIRST_RETRY_MS;
    });
    opened.addEventListener("line", ({ data }) => add(JSON.parse(data).key));
    opened.addEventListener("gone", ({ data }) => {
      waiting.delete(JSON.parse(data).key);
      tell();
    });
    opened.addEventListener("unread", ({ data }) => {
      const { count, isNew, label } = JSON.parse(data);
      showUnread(count, label);
      if (on === "notices" && isNew) add(`notice ${count}`);
    });
    opened.addEventListener("error", () => {
      hangUp();
      timer = setTimeout(connect, retryMs * (0.5 + Math.random()));
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    });
  }

  function hangUp(): void {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function add(key: string): void {
    if (document.getElementById(`p${key}`)) return;
    waiting.add(key);
    tell();
  }

  function tell(): void {
    const wasHidden = button?.hidden;
    const text = waiting.size === 1 ? one : many.replace("0", String(waiting.size));
    if (button) {
      button.hidden = waiting.size === 0;
      button.textContent = text;
    }
    // Once, not with each that follows: nobody wants to be counted at.
    if (status && wasHidden && waiting.size > 0) status.textContent = text;
    if (status && waiting.size === 0) status.textContent = "";
  }

  button.addEventListener("click", () => {
    button.disabled = true;
    show(whole)
      .then((first) => {
        waiting.clear();
        tell();
        first?.setAttribute("tabindex", "-1");
        first?.focus();
      })
      .catch(() => location.reload())
      .finally(() => {
        button.disabled = false;
      });
  });

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(hangUp, HIDDEN_MS);
    else connect();
  });
  addEventListener("pagehide", hangUp);
  addEventListener("pageshow", connect);
  connect();
}

/** The server says first what came since the newest card: while the page was on its way, or after a break. */
function withSince(address: string): string {
  const keys = [...document.querySelectorAll("main div.feed > [id^=p]")].map(({ id }) => Number(id.slice(1)));
  const newest = Math.max(0, ...keys);
  return newest === 0 ? address : `${address}${address.includes("?") ? "&" : "?"}since=${newest}`;
}

/** Takes what is new from the page as the server shows it now; gives the first of it. */
async function show(whole: string | undefined): Promise<HTMLElement | null> {
  const response = await fetch(location.href.split("#")[0] ?? "");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.ok) throw new Error("The page cannot be shown.");
  return whole === undefined ? addCards(page) : putAnew(page, whole);
}

function addCards(page: Document): HTMLElement | null {
  const fresh = page.querySelector("main div.feed");
  const feed = document.querySelector("main div.feed");
  if (fresh === null) throw new Error("There is no list.");
  if (feed === null) {
    document.querySelector("main .empty")?.closest(".sheet")?.replaceWith(fresh);
    return fresh.querySelector("article");
  }
  const cards = [...fresh.querySelectorAll<HTMLElement>(":scope > article")];
  const known = cards.findIndex(({ id }) => document.getElementById(id) !== null);
  // More than a page: what was there before is no longer next to it.
  if (known < 0) feed.replaceChildren(...fresh.children);
  else feed.prepend(...cards.slice(0, known));
  scrollTo({ top: 0 });
  return feed.querySelector("article");
}

function putAnew(page: Document, selector: string): HTMLElement | null {
  const placeIn = (root: Document) => {
    const found = root.querySelector(selector);
    return found?.closest("section") ?? found;
  };
  const fresh = placeIn(page);
  const place = placeIn(document);
  if (fresh === null) throw new Error("There is no such part.");
  const before = new Set([...(place?.querySelectorAll("article") ?? [])].map(({ id }) => id));
  if (place === null) document.querySelector("main")?.append(fresh);
  else if (selector === "main") place.replaceChildren(...fresh.childNodes);
  else place.replaceWith(fresh);
  const root = selector === "main" ? place : fresh;
  const articles = [...(root?.querySelectorAll("article") ?? [])];
  return articles.find(({ id }) => id === "" || !before.has(id)) ?? null;
}

/** On the bell of every menu. */
function showUnread(count: number, label: string): void {
  for (const link of document.querySelectorAll("[data-unread]")) {
    const [number, words] = link.querySelectorAll("[data-unread-part]");
    if (number instanceof HTMLElement && words instanceof HTMLElement) {
      number.hidden = count === 0;
      words.hidden = count === 0;
      number.textContent = String(count);
      words.textContent = `, ${label}`;
    }
  }
}

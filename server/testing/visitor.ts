/** A browser that has never been to an app of a test: it keeps cookies and fills in forms, and follows nothing by itself. */
import { rememberConnection } from "../http/connection.ts";
import type { TestApp } from "./app.ts";

export interface Visitor {
  /** Opens a page; an address of another host is refused, as a test would have to answer there. */
  open(path: string): Promise<Response>;
  /** Opens `page`, and sends a form of it to `path` with these fields and its proof. */
  submit(page: string, path: string, fields: Readonly<Record<string, string>>): Promise<Response>;
  /** The path of this app that an answer leads to. */
  ledTo(response: Response): string;
  has(cookie: string): boolean;
}

let visitors = 0;

/** Each comes from a network of their own. */
export function visitor(app: TestApp, language = "en"): Visitor {
  const cookies = new Map<string, string>();
  const number = visitors++;
  const address = `198.18.${Math.floor(number / 256) % 256}.${number % 256}`;

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const request = new Request(`${app.origin}${path}`, {
      ...init,
      headers: {
        accept: "text/html",
        "accept-language": language,
        "sec-fetch-site": "same-origin",
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      },
    });
    rememberConnection(request, { address, isSecure: true, keepOpen: () => {}, upgrade: () => false });
    const response = await app.edge(request);
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  return {
    open: (path) => ask(path),
    async submit(page, path, fields) {
      const html = await (await ask(page)).text();
      const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
      return ask(path, { method: "POST", body: new URLSearchParams({ csrf, ...fields }) });
    },
    ledTo(response) {
      const location = response.headers.get("location") ?? "";
      return location.startsWith(app.origin) ? location.slice(app.origin.length) : location;
    },
    has: (cookie) => cookies.has(cookie),
  };
}

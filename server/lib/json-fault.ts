/** Where a text that people wrote stops being JSON (RFC 8259), told by line and column. */

export interface JsonFault {
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  /** What is wrong, without a full stop: `a comma before the closing "}"`. */
  readonly wrong: string;
}

/** Nothing that people write by hand is nested deeper. */
const MAX_DEPTH = 64;

/** The first place where `text` is no JSON, or names one property twice; null where it is good. */
export function findJsonFault(text: string): JsonFault | null {
  let at = 0;

  interface Stop {
    readonly at: number;
    readonly wrong: string;
  }
  const stop = (wrong: string, where = at): Stop => ({ at: where, wrong });

  const blank = () => {
    while (" \t\r\n".includes(text[at] ?? "x")) at++;
  };
  const seen = () => (at >= text.length ? "the end of the file" : JSON.stringify(text[at]));

  function value(depth: number): Stop | null {
    blank();
    if (depth > MAX_DEPTH) return stop(`it is nested more than ${MAX_DEPTH} deep`);
    const next = text[at];
    if (next === "{") return members(depth);
    if (next === "[") return items(depth);
    if (next === '"') return string();
    const plain = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
    plain.lastIndex = at;
    const found = plain.exec(text);
    if (found === null) return stop(`a value is expected here, not ${seen()}`);
    at += found[0].length;
    return null;
  }

  function string(): Stop | null {
    const from = at++;
    for (; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === "\n" || text[at] === "\r")
        return stop("the line ends before the text does; a line break is written \\n");
      if ((text[at] ?? "") < " ")
        return stop(`${seen()} may not stand in a text as it is; a tab is written \\t`);
      if (text[at] !== "\\") continue;
      const known = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;
      known.lastIndex = at;
      const found = known.exec(text);
      if (found === null)
        return stop('after a backslash only ", \\, /, b, f, n, r, t or u and four digits may stand');
      at += found[0].length - 1;
    }
    if (at >= text.length) return stop("this text has no closing quotation mark", from);
    at++;
    return null;
  }

  function members(depth: number): Stop | null {
    const names = new Set<string>();
    at++;
    blank();
    if (text[at] === "}") return closed();
    for (;;) {
      blank();
      const from = at;
      if (text[at] === "}") return stop('there is a comma too many before "}"');
      if (text[at] !== '"') return stop(`a name in quotation marks is expected here, not ${seen()}`);
      const wrongName = string();
      if (wrongName) return wrongName;
      const name = text.slice(from, at);
      if (names.has(name)) return stop(`${name} is there twice`, from);
      names.add(name);
      blank();
      if (text[at] !== ":") return stop(`":" is expected after ${name}, not ${seen()}`);
      at++;
      const wrong = value(depth + 1);
      if (wrong) return wrong;
      blank();
      if (text[at] === "}") return closed();
      if (text[at] !== ",") return stop(`"," or "}" is expected here, not ${seen()}`);
      at++;
    }
  }

  function items(depth: number): Stop | null {
    at++;
    blank();
    if (text[at] === "]") return closed();
    for (;;) {
      blank();
      if (text[at] === "]") return stop('there is a comma too many before "]"');
      const wrong = value(depth + 1);
      if (wrong) return wrong;
      blank();
      if (text[at] === "]") return closed();
      if (text[at] !== ",") return stop(`"," or "]" is expected here, not ${seen()}`);
      at++;
    }
  }

  function closed(): null {
    at++;
    return null;
  }

  function whole(): Stop | null {
    const wrong = value(0);
    if (wrong) return wrong;
    blank();
    return at < text.length ? stop(`the file should end here, but ${seen()} follows`) : null;
  }

  const fault = whole();
  if (fault === null) return null;
  const before = text.slice(0, fault.at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, wrong: fault.wrong };
}

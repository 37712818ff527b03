/** Holds answers of the Mastodon face against the published OpenAPI, read from beside the project where it is there. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import { hasVectors, readVectors } from "./vectors.ts";

const SCHEMA = "schemas/mastodon-openapi/schema.json";
const RELAXATIONS = "schemas/mastodon-openapi/relaxations.json";

interface Relaxations {
  readonly pairs: readonly {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly rules: readonly string[];
  }[];
}

/** A part of a path of the API: `/api/v1/statuses/{id}`. */
interface Route {
  readonly path: string;
  readonly pattern: RegExp;
  readonly operations: JsonObject;
}

export interface MastodonSchema {
  /**
   * What is wrong with one answer, each with its place; nothing where all is well. `path` is as it was asked, with or
   * without a query. Says so where the operation or status is not in the schema at all.
   */
  faults(method: string, path: string, status: number, body: Json): readonly string[];
}

let loaded: MastodonSchema | null | undefined;

/** Null, with a word on the terminal, where the schema is not there. Read once for all tests of a process. */
export function mastodonSchema(): MastodonSchema | null {
  if (loaded === undefined) loaded = hasVectors(SCHEMA) && hasVectors(RELAXATIONS) ? load() : null;
  return loaded;
}

function load(): MastodonSchema {
  const root = readVectors<JsonObject>(SCHEMA);
  const { pairs } = readVectors<Relaxations>(RELAXATIONS);
  const routes: Route[] = Object.entries(root.paths as JsonObject).map(([path, operations]) => ({
    path,
    // What is fixed goes before what is a parameter.
    pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{[^}]+\}/g, "[^/]+")}$`),
    operations: operations as JsonObject,
  }));
  routes.sort((a, b) => a.path.split("{").length - b.path.split("{").length);

  return {
    faults(method, asked, status, body) {
      const path = asked.replace(/\?.*$/s, "");
      const named = (route: Route) => route.pattern.test(path) && method.toLowerCase() in route.operations;
      const route = routes.find(named);
      if (route === undefined) return [`${method} ${path} is not in the schema`];
      const operation = route.operations[method.toLowerCase()] as JsonObject;
      const answer = (operation.responses as JsonObject)[String(status)];
      if (!isJsonObject(answer)) return [`${method} ${route.path} has no answer ${status} in the schema`];
      const content = answer.content as JsonObject | undefined;
      const schema = (content?.["application/json"] as JsonObject | undefined)?.schema;
      if (!isJsonObject(schema)) return [];
      const relaxed = pairs.find(
        (pair) => pair.method === method && pair.path === route.path && pair.status === status,
      );
      const check = createCheck(root, new Set(relaxed?.rules ?? []));
      return check.whole(schema, body);
    },
  };
}

/** A place in an answer and the schema that holds there. */
type Walk = (schema: JsonObject, value: Json | undefined, at: string) => readonly string[];

const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  null: (value) => value === null,
  array: Array.isArray,
  object: isJsonObject,
};

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uri: (text) => /^[a-z][a-z0-9+.-]*:[^\s<>"]+$/i.test(text),
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  // Three decimals: some clients read no other form.
  "date-time": (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text),
};

function createCheck(root: JsonObject, rules: ReadonlySet<string>) {
  const named = (ref: string): JsonObject =>
    ref
      .slice(2)
      .split("/")
      .reduce<JsonObject>((at, part) => at[part] as JsonObject, root);

  const walk: Walk = (schema, value, at) => {
    if (typeof schema.$ref === "string") return walk(relaxedAt(schema.$ref), value, at);
    if (value === undefined) return [`${at} is missing`];
    const either = (schema.oneOf ?? schema.anyOf) as readonly JsonObject[] | undefined;
    if (either !== undefined) {
      const tries = either.map((each) => walk(each, value, at));
      // The alternative that comes nearest says most.
      return tries.toSorted((a, b) => a.length - b.length)[0] ?? [];
    }
    const all = (schema.allOf as readonly JsonObject[] | undefined) ?? [];
    return [...all.flatMap((each) => walk(each, value, at)), ...plain(schema, value, at)];
  };

  function plain(schema: JsonObject, value: Json, at: string): readonly string[] {
    const types = [schema.type ?? []].flat() as readonly string[];
    if (types.length > 0 && !types.some((type) => TYPES[type]?.(value)))
      return [`${at} is ${value === null ? "null" : typeof value}, not ${types.join(" or ")}`];
    if (Array.isArray(schema.enum) && value !== null && !schema.enum.includes(value))
      return [`${at} is ${JSON.stringify(value)}, none of ${schema.enum.join(", ")}`];
    if (typeof value === "string") {
      const isFine = FORMATS[String(schema.format)]?.(value) ?? true;
      const isEmpty = value === "" && rules.has("empty-string-format") && schema.format !== "date-time";
      return isFine || isEmpty ? [] : [`${at} is no ${String(schema.format)}: ${value}`];
    }
    if (Array.isArray(value)) {
      const items = schema.items as JsonObject | undefined;
      return items === undefined ? [] : value.flatMap((item, i) => walk(items, item, `${at}[${i}]`));
    }
    return isJsonObject(value) ? members(schema, value, at) : [];
  }

  function members(schema: JsonObject, value: JsonObject, at: string): readonly string[] {
    const missing = ((schema.required as readonly string[] | undefined) ?? [])
      .filter((name) => value[name] === undefined)
      .map((name) => `${at}.${name} is missing`);
    const properties = Object.entries((schema.properties as JsonObject | undefined) ?? {});
    const wrong = properties.flatMap(([name, each]) =>
      value[name] === undefined ? [] : walk(each as JsonObject, value[name], `${at}.${name}`),
    );
    const others = schema.additionalProperties;
    const known = new Set(properties.map(([name]) => name));
    const open = isJsonObject(others)
      ? Object.entries(value).flatMap(([name, each]) =>
          known.has(name) ? [] : walk(others, each, `${at}.${name}`),
        )
      : [];
    return [...missing, ...wrong, ...open];
  }

  /** The schema of that name as `relaxations.json` says to read it here. */
  function relaxedAt(ref: string): JsonObject {
    const schema = named(ref);
    const name = ref.split("/").at(-1);
    if (name === "Status" && rules.has("status-without-content"))
      return { ...schema, required: (schema.required as string[]).filter((each) => each !== "content") };
    if (name === "WebPushSubscription" && (rules.has("push-id") || rules.has("push-alerts"))) {
      const properties = schema.properties as JsonObject;
      const alerts = { ...(properties.alerts as JsonObject), required: [] };
      return { ...schema, properties: { ...properties, id: { type: ["string", "integer"] }, alerts } };
    }
    if (name === "ScheduledStatus" && rules.has("scheduled-visibility")) {
      const properties = schema.properties as JsonObject;
      const params = properties.params as JsonObject;
      const inner = { ...(params.properties as JsonObject), visibility: {} };
      return { ...schema, properties: { ...properties, params: { ...params, properties: inner } } };
    }
    if (name === "ExtendedDescription" && rules.has("updated-at-null")) {
      const properties = schema.properties as JsonObject;
      return { ...schema, properties: { ...properties, updated_at: { type: ["string", "null"] } } };
    }
    return schema;
  }

  return {
    whole(schema: JsonObject, body: Json): readonly string[] {
      if (rules.has("empty-object") && isJsonObject(body) && Object.keys(body).length === 0) return [];
      if (rules.has("array-of-filters") && Array.isArray(body))
        return body.flatMap((one, i) => walk(schema, one, `[${i}]`));
      return walk(schema, body, "answer");
    },
  };
}

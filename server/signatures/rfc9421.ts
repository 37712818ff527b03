/** HTTP Message Signatures of requests (RFC 9421). */
import { type Fault, faulty, isFault, type ReadSignature, type RequestParts, targetOf } from "./request.ts";
import {
  type BareItem,
  type InnerList,
  type Item,
  isInnerList,
  type Parameters,
  parseDictionary,
} from "./structured.ts";
import { writeDictionary, writeMember } from "./structured-write.ts";

/** Twice what an RSA signature of 8192 bits and thirty covered components need. */
const MAX_HEADER_LENGTH = 8192;
/** More than any peer covers. */
const MAX_COVERED = 32;
/** The registered parameters (RFC 9421 §6.3). One that we do not know might restrict what the signature means. */
const KNOWN_PARAMETERS: ReadonlySet<string> = new Set(["created", "expires", "keyid", "alg", "nonce", "tag"]);
/** One signature is sent, so any label will do. */
const OUR_LABEL = "sig1";

/** What `Signature-Input` and `Signature` of `parts` say, once they cover what the network's rules ask for. */
export function readRfc9421(parts: RequestParts): ReadSignature | Fault {
  const only = onlySignature(parts.headers);
  if (isFault(only)) return only;
  const { input, signature } = only;

  const created = numberIn(input.parameters, "created");
  const expires = numberIn(input.parameters, "expires");
  const keyId = textIn(input.parameters, "keyid");
  if (created === null || keyId === null)
    return faulty("malformed", "Give the parameters created and keyid.");
  if ([...input.parameters.keys()].some((name) => !KNOWN_PARAMETERS.has(name))) {
    return faulty("malformed", "Use only the registered signature parameters.");
  }
  const covered = input.items.map(({ bare }) => String(bare.value));
  const fault = coverageFault(covered, parts);
  if (fault) return fault;
  const base = rfc9421Base(parts, input);
  if (isFault(base)) return base;
  return {
    scheme: "rfc9421",
    keyId,
    algorithm: textIn(input.parameters, "alg"),
    covered,
    signedAtMs: [created * 1000],
    expiresMs: expires === null ? null : expires * 1000,
    signature,
    bases: [base.text],
  };
}

/**
 * The signature base (RFC 9421 §2.5) of a request for the covered components and parameters in `input`.
 * A component that is missing, repeated, of a response or with a parameter other than `@query-param`'s name is
 * a fault.
 */
export function rfc9421Base(parts: RequestParts, input: InnerList): { readonly text: string } | Fault {
  const lines = new Map<string, string>();
  if (input.items.length > MAX_COVERED)
    return faulty("malformed", `Cover at most ${MAX_COVERED} components.`);
  for (const component of input.items) {
    const name = writeMember(component);
    const value = componentValue(component, parts);
    if (value === null || lines.has(name)) {
      return faulty("malformed", `Cover ${name} once, and only what a request has as it stands.`);
    }
    lines.set(name, `${name}: ${value}`);
  }
  return { text: [...lines.values(), `"@signature-params": ${writeMember(input)}`].join("\n") };
}

/** The covered components and parameters of a signature of ours. */
export function rfc9421Input(given: {
  readonly covered: readonly string[];
  readonly createdMs: number;
  readonly keyId: string;
  readonly algorithm: string;
  readonly expiresMs?: number;
  readonly nonce?: string | null;
  readonly tag?: string | null;
}): InnerList {
  const texts = Object.entries({ nonce: given.nonce, tag: given.tag }).flatMap(
    ([name, value]): [string, BareItem][] => (value == null ? [] : [[name, { type: "string", value }]]),
  );
  return {
    items: given.covered.map((name) => ({ bare: { type: "string", value: name }, parameters: new Map() })),
    parameters: new Map<string, BareItem>([
      ["created", { type: "integer", value: Math.floor(given.createdMs / 1000) }],
      ["keyid", { type: "string", value: given.keyId }],
      ["alg", { type: "string", value: given.algorithm }],
      ...(given.expiresMs === undefined
        ? []
        : [["expires", { type: "integer", value: Math.floor(given.expiresMs / 1000) }] as const]),
      ...texts,
    ]),
  };
}

/** The values of `Signature-Input` and `Signature` (RFC 9421 §4). */
export const writeRfc9421 = (
  input: InnerList,
  signature: Uint8Array<ArrayBuffer>,
  label = OUR_LABEL,
): { readonly signatureInput: string; readonly signature: string } => ({
  signatureInput: writeDictionary(new Map([[label, input]])),
  signature: writeDictionary(
    new Map([[label, { bare: { type: "binary", value: signature }, parameters: new Map() }]]),
  ),
});

/** Several signatures would leave open which of them counts, so exactly one is taken. */
function onlySignature(headers: Headers): { input: InnerList; signature: Uint8Array<ArrayBuffer> } | Fault {
  const inputText = headers.get("signature-input") ?? "";
  const signatureText = headers.get("signature") ?? "";
  if (Math.max(inputText.length, signatureText.length) > MAX_HEADER_LENGTH) {
    return faulty("malformed", `Keep Signature-Input and Signature below ${MAX_HEADER_LENGTH} characters.`);
  }
  const inputs = parseDictionary(inputText);
  const [label, input] = [...(inputs ?? [])][0] ?? ["", undefined];
  if (!inputs || !isInnerList(input)) return faulty("malformed", "Make Signature-Input a list with a label.");
  if (inputs.size > 1) return faulty("malformed", "Send exactly one signature.");
  if (input.items.some(({ bare }) => bare.type !== "string")) {
    return faulty("malformed", "Name the covered components as strings.");
  }
  const member = parseDictionary(signatureText)?.get(label);
  if (!member || isInnerList(member) || member.bare.type !== "binary") {
    return faulty("malformed", "Give Signature the label of Signature-Input, and bytes.");
  }
  return { input, signature: member.bare.value };
}

function coverageFault(covered: readonly string[], { url }: RequestParts): Fault | null {
  const has = (name: string): boolean => covered.includes(name);
  const hasPath = has("@request-target") || (has("@path") && (has("@query") || targetOf(url).query === ""));
  if (has("@method") && (has("@target-uri") || (has("@authority") && hasPath))) return null;
  return faulty("uncovered", "Cover @method and @target-uri, or @method, @authority, @path and @query.");
}

// RFC 9421 §2.1 for fields, §2.2 for derived components.
function componentValue({ bare, parameters }: Item, parts: RequestParts): string | null {
  const name = String(bare.value);
  if (name === "@query-param") return queryParameter(parts.url, parameters);
  if (parameters.size > 0) return null; // sf, key, bs, tr and req: nobody here needs them.
  if (!name.startsWith("@")) return /^[a-z0-9!#$%&'*+\-.^_`|~]+$/.test(name) ? parts.headers.get(name) : null;
  const { scheme, authority, path, query } = targetOf(parts.url);
  switch (name) {
    case "@method":
      return parts.method;
    case "@target-uri":
      return `${scheme}://${authority}${path}${query}`;
    case "@authority":
      return authority;
    case "@scheme":
      return scheme;
    case "@request-target":
      return path + query;
    case "@path":
      return path;
    case "@query":
      return query || "?";
    default:
      return null;
  }
}

// RFC 9421 §2.2.8
function queryParameter(url: string, parameters: Parameters): string | null {
  const name = textIn(parameters, "name");
  if (name === null || parameters.size > 1) return null;
  const values: string[] = [];
  for (const [key, value] of new URLSearchParams(targetOf(url).query)) {
    if (encodeFormText(key) === name) values.push(encodeFormText(value));
  }
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** The application/x-www-form-urlencoded percent-encode set of the URL standard, with %20 for a space. */
const encodeFormText = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()~]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function numberIn(parameters: Parameters, name: string): number | null {
  const bare = parameters.get(name);
  return bare?.type === "integer" ? bare.value : null;
}

function textIn(parameters: Parameters, name: string): string | null {
  const bare = parameters.get(name);
  return bare?.type === "string" ? bare.value : null;
}

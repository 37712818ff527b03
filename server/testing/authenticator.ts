/** A device with passkeys, for tests: answers as WebAuthn §6 and §7 say, or bent in the way that a test wants. */
import { createHash } from "node:crypto";

export interface Bent {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  /** UP, UV, BE, BS and AT (WebAuthn §6.1). */
  readonly flags?: number;
  readonly counter?: number;
  readonly userHandle?: string | null;
  /** Signs other bytes than it should. */
  readonly spoils?: boolean;
}

export interface Device {
  readonly credentialId: string;
  /** The answer to `navigator.credentials.create`, as JSON text. */
  create(
    options: { readonly challenge: string; readonly user: { readonly id: string } },
    bent?: Bent,
  ): Promise<string>;
  /** The answer to `navigator.credentials.get`, as JSON text; the counter goes up by one each time. */
  get(options: { readonly challenge: string }, bent?: Bent): Promise<string>;
}

const UP = 1;
const UV = 4;
const BE = 8;
const BS = 16;
const AT = 64;

/** `origin` as the browser knows it. */
export async function device(origin: string): Promise<Device> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const { x = "", y = "" } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const id = crypto.getRandomValues(new Uint8Array(16));
  const credentialId = base64url(id);
  let counter = 0;
  let handle = "";

  const authData = (bent: Bent, flags: number, more: Uint8Array = new Uint8Array()): Buffer => {
    const head = Buffer.alloc(5);
    head[0] = bent.flags ?? flags;
    head.writeUInt32BE(bent.counter ?? counter, 1);
    return Buffer.concat([sha256Bytes(bent.rpId ?? new URL(origin).hostname), head, more]);
  };
  const clientData = (type: string, challenge: string, bent: Bent): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: bent.type ?? type,
        challenge: bent.challenge ?? challenge,
        origin: bent.origin ?? origin,
        crossOrigin: false,
      }),
    );
  /** COSE_Key for ES256 (RFC 9053 §7.1.1), in CBOR. */
  const cose = Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
    Buffer.from(x, "base64url"),
    Buffer.from([0x22, 0x58, 0x20]),
    Buffer.from(y, "base64url"),
  ]);

  return {
    credentialId,
    async create(options, bent = {}) {
      handle = options.user.id;
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, cose]);
      const data = authData(bent, UP | UV | BE | BS | AT, attested);
      // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR.
      const attestation = Buffer.concat([
        Buffer.from([0xa3, 0x63]),
        Buffer.from("fmt"),
        Buffer.from([0x64]),
        Buffer.from("none"),
        Buffer.from([0x67]),
        Buffer.from("attStmt"),
        Buffer.from([0xa0, 0x68]),
        Buffer.from("authData"),
        Buffer.from([0x59, data.length >> 8, data.length & 255]),
        data,
      ]);
      return JSON.stringify({
        id: credentialId,
        rawId: credentialId,
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData("webauthn.create", options.challenge, bent)),
          attestationObject: base64url(attestation),
          transports: ["internal", "hybrid"],
        },
      });
    },
    async get(options, bent = {}) {
      counter++;
      const data = authData(bent, UP | UV | BE | BS);
      const client = clientData("webauthn.get", options.challenge, bent);
      const signed = Buffer.concat([data, bent.spoils ? Buffer.alloc(32) : sha256Bytes(client)]);
      const raw = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, signed);
      return JSON.stringify({
        id: credentialId,
        rawId: credentialId,
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(client),
          authenticatorData: base64url(data),
          signature: base64url(toDer(new Uint8Array(raw))),
          userHandle: bent.userHandle === undefined ? handle : bent.userHandle,
        },
      });
    },
  };
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** WebAuthn §6.5.5: ES256 signatures are in ASN.1. */
function toDer(raw: Uint8Array): Buffer {
  const integer = (bytes: Uint8Array): Buffer => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const short = bytes.slice(Math.max(0, start));
    const padded = (short[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), short]) : Buffer.from(short);
    return Buffer.concat([Buffer.from([2, padded.length]), padded]);
  };
  const body = Buffer.concat([integer(raw.slice(0, 32)), integer(raw.slice(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

const sha256Bytes = (data: string | Buffer): Buffer => createHash("sha256").update(data).digest();

/** Message encryption for Web Push: aes128gcm (RFC 8291), and the draft of 2016 that older programs read (aesgcm). */
import { createCipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from "node:crypto";

/** An uncompressed point of P-256 (RFC 8291 §3.1), and the secret of the subscription (§3.2), in bytes. */
export const PUBLIC_KEY_BYTES = 65;
export const AUTH_BYTES = 16;
/** A message with everything around it must fit into 4096 bytes (RFC 8291 §4): 86 before it, 17 after it. */
export const MAX_PLAIN_BYTES = 3_993;
const RECORD_BYTES = 4_096;
const SALT_BYTES = 16;
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
const SECRET_BYTES = 32;
/** RFC 8188 §2: the delimiter of the last record. */
const LAST_RECORD = 2;

/** Keys of whoever is told, as raw bytes. */
export interface Receiver {
  readonly publicKey: Buffer;
  readonly auth: Buffer;
}

/** What makes a message unlike every other; tests give those of the RFC. */
export interface Chance {
  readonly salt: Buffer;
  readonly sender: ECDH;
}

export interface Sealed {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

function newChance(): Chance {
  const sender = createECDH("prime256v1");
  sender.generateKeys();
  return { salt: randomBytes(SALT_BYTES), sender };
}

/** Whether a message can be sealed for these keys: the point lies on the curve. */
export function isReceiver({ publicKey, auth }: Receiver): boolean {
  if (publicKey.byteLength !== PUBLIC_KEY_BYTES || auth.byteLength !== AUTH_BYTES) return false;
  try {
    newChance().sender.computeSecret(publicKey);
    return true;
  } catch {
    // @NOTE A point that is none: how node:crypto says so.
    return false;
  }
}

/** RFC 8291 §3.4, §4. `text` of at most `MAX_PLAIN_BYTES` in UTF-8. */
export function seal(text: string, to: Receiver, { salt, sender }: Chance = newChance()): Sealed {
  const from = sender.getPublicKey();
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), to.publicKey, from]);
  const secret = derive(sender.computeSecret(to.publicKey), to.auth, info, SECRET_BYTES);
  const key = derive(secret, salt, Buffer.from("Content-Encoding: aes128gcm\0"), KEY_BYTES);
  const nonce = derive(secret, salt, Buffer.from("Content-Encoding: nonce\0"), NONCE_BYTES);
  const head = Buffer.alloc(SALT_BYTES + 5);
  salt.copy(head);
  head.writeUInt32BE(RECORD_BYTES, SALT_BYTES);
  head.writeUInt8(from.byteLength, SALT_BYTES + 4);
  const plain = Buffer.concat([Buffer.from(text), Buffer.from([LAST_RECORD])]);
  return {
    body: new Uint8Array(Buffer.concat([head, from, encrypted(plain, key, nonce)])),
    headers: { "content-encoding": "aes128gcm" },
  };
}

/** draft-ietf-webpush-encryption-04 §3, §4: the keys are in headers, and padding comes first. */
export function sealAsDraft(text: string, to: Receiver, { salt, sender }: Chance = newChance()): Sealed {
  const from = sender.getPublicKey();
  const authInfo = Buffer.from("Content-Encoding: auth\0");
  const secret = derive(sender.computeSecret(to.publicKey), to.auth, authInfo, SECRET_BYTES);
  const context = Buffer.concat([Buffer.from("P-256\0"), sized(to.publicKey), sized(from)]);
  const infoOf = (name: string) => Buffer.concat([Buffer.from(`Content-Encoding: ${name}\0`), context]);
  const key = derive(secret, salt, infoOf("aesgcm"), KEY_BYTES);
  const nonce = derive(secret, salt, infoOf("nonce"), NONCE_BYTES);
  const plain = Buffer.concat([Buffer.alloc(2), Buffer.from(text)]);
  return {
    body: new Uint8Array(encrypted(plain, key, nonce)),
    headers: {
      "content-encoding": "aesgcm",
      encryption: `salt=${salt.toString("base64url")}`,
      "crypto-key": `dh=${from.toString("base64url")}`,
    },
  };
}

/** HKDF with SHA-256 (RFC 5869). */
const derive = (secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, salt, info, bytes));

function encrypted(plain: Buffer, key: Buffer, nonce: Buffer): Buffer {
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}

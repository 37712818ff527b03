/** Messages for push services are those of the RFC, and open only with the subscription's keys. */
import { expect, test } from "bun:test";
import { createDecipheriv, createECDH, hkdfSync } from "node:crypto";
import { isReceiver, seal, sealAsDraft } from "./push-encryption.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "base64url");

/** RFC 8291 §5 and appendix A. */
const RFC = {
  text: "When I grow up, I want to be a watermelon",
  sender: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
  receiverPublic: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  receiverPrivate: "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
  salt: "DGv6ra1nlYgDCS1FRnbzlw",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
  body: "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
} as const;

const receiver = { publicKey: bytes(RFC.receiverPublic), auth: bytes(RFC.auth) };

test("the example of RFC 8291 comes out byte for byte", () => {
  const sender = createECDH("prime256v1");
  sender.setPrivateKey(bytes(RFC.sender));
  const { body, headers } = seal(RFC.text, receiver, { salt: bytes(RFC.salt), sender });
  expect(Buffer.from(body).toString("base64url")).toBe(RFC.body);
  expect(headers).toEqual({ "content-encoding": "aes128gcm" });
});

test("two messages of the same text are unlike", () => {
  expect(seal("x", receiver).body).not.toEqual(seal("x", receiver).body);
});

test("what older programs read opens with the keys in its headers", () => {
  const { body, headers } = sealAsDraft("Grüße", receiver);
  const own = createECDH("prime256v1");
  own.setPrivateKey(bytes(RFC.receiverPrivate));
  const salt = bytes(headers.encryption?.replace("salt=", "") ?? "");
  const from = bytes(headers["crypto-key"]?.replace("dh=", "") ?? "");
  // Written down from the draft's own words, apart from the code under test.
  const hkdf = (secret: Buffer, by: Buffer, info: Buffer, length: number) =>
    Buffer.from(hkdfSync("sha256", secret, by, info, length));
  const secret = hkdf(own.computeSecret(from), receiver.auth, Buffer.from("Content-Encoding: auth\0"), 32);
  const context = Buffer.from([
    ...Buffer.from("P-256\0"),
    ...[0, 65],
    ...receiver.publicKey,
    ...[0, 65],
    ...from,
  ]);
  const key = hkdf(secret, salt, Buffer.from([...Buffer.from("Content-Encoding: aesgcm\0"), ...context]), 16);
  const nonce = hkdf(
    secret,
    salt,
    Buffer.from([...Buffer.from("Content-Encoding: nonce\0"), ...context]),
    12,
  );
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(Buffer.from(body).subarray(-16));
  const plain = Buffer.concat([decipher.update(Buffer.from(body).subarray(0, -16)), decipher.final()]);
  expect(plain.subarray(2).toString()).toBe("Grüße");
  expect(plain.readUInt16BE(0)).toBe(0);
});

test("keys that are none are known as such", () => {
  expect(isReceiver(receiver)).toBe(true);
  expect(isReceiver({ ...receiver, auth: Buffer.alloc(15) })).toBe(false);
  expect(isReceiver({ ...receiver, publicKey: Buffer.alloc(65, 4) })).toBe(false);
  expect(isReceiver({ ...receiver, publicKey: receiver.publicKey.subarray(0, 33) })).toBe(false);
});

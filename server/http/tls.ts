/** The certificate and the key that the server shows, read and held against each other. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { Problem } from "../lib/problem.ts";

/** As PEM. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

/** Null where neither file is named. Throws Problem `invalid` that names the file which is wrong, and in which way. */
export function readTls(certFile: string | null, keyFile: string | null): Tls | null {
  if (certFile === null && keyFile === null) return null;
  if (certFile === null || keyFile === null)
    throw refused("TLS needs both tls_cert_file and tls_key_file. Set the other one too.");
  const [cert, key] = [readPem(certFile, "tls_cert_file"), readPem(keyFile, "tls_key_file")];
  const certificate = parseCertificate(cert, certFile);
  if (!certificate.checkPrivateKey(parseKey(key, keyFile)))
    throw refused(
      `${certFile} is the certificate of another key than ${keyFile}. Name the two that were made together in tls_cert_file and tls_key_file; the server's own certificate comes first in its file.`,
    );
  return { cert, key };
}

function readPem(path: string, setting: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw refused(
      `The file of ${setting} cannot be read: ${path}. Let the user that runs the server read it.`,
      cause,
    );
  }
}

function parseCertificate(pem: string, path: string): X509Certificate {
  if (!pem.includes("-----BEGIN CERTIFICATE-----"))
    throw refused(
      `${path} holds no certificate in the form PEM, which begins with -----BEGIN CERTIFICATE-----. Correct tls_cert_file.`,
    );
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw refused(`The certificate in ${path} is damaged. Get it anew, or correct tls_cert_file.`, cause);
  }
}

function parseKey(pem: string, path: string): KeyObject {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    throw refused(
      `${path} holds no private key in the form PEM, which begins with -----BEGIN PRIVATE KEY-----. Correct tls_key_file.`,
    );
  if (/ENCRYPTED/.test(pem))
    throw refused(
      `The private key in ${path} is locked with a password. Unlock it: openssl pkey -in ${path} -out NEW, and name NEW in tls_key_file.`,
    );
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw refused(`The private key in ${path} is damaged. Correct tls_key_file.`, cause);
  }
}

const refused = (sentence: string, cause?: unknown): Problem =>
  new Problem("invalid", sentence, { reason: "tls" }, { cause });

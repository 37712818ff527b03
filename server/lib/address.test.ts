/** Every special-use range is refused, at both of its ends; what lies beside it is not. */
import { expect, test } from "bun:test";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import { addressInHost, isInsideAddress, isPublicAddress } from "./address.ts";
import { parseHttpUrl } from "./url.ts";

test.each([
  ["0.0.0.0", "0.255.255.255"],
  ["10.0.0.0", "10.255.255.255"],
  ["100.64.0.0", "100.127.255.255"],
  ["127.0.0.0", "127.255.255.255"],
  ["169.254.0.0", "169.254.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["192.0.0.0", "192.0.0.255"],
  ["192.0.2.0", "192.0.2.255"],
  ["192.88.99.0", "192.88.99.255"],
  ["192.168.0.0", "192.168.255.255"],
  ["198.18.0.0", "198.19.255.255"],
  ["198.51.100.0", "198.51.100.255"],
  ["203.0.113.0", "203.0.113.255"],
  ["224.0.0.0", "239.255.255.255"],
  ["240.0.0.0", "255.255.255.255"],
  ["::", "::1"],
  ["::127.0.0.1", "::8.8.8.8"],
  ["::ffff:127.0.0.1", "::ffff:8.8.8.8"],
  ["::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8"],
  ["64:ff9b::7f00:1", "64:ff9b::808:808"],
  ["64:ff9b:1::", "64:ff9b:1:ffff::"],
  ["100::", "100::ffff"],
  ["64:ff9a::", "1fff:ffff::"],
  ["4000::", "fbff:ffff::"],
  ["2001::", "2001:1ff:ffff::"],
  ["2001:db8::", "2001:db8:ffff::"],
  ["2002:7f00:1::", "2002:808:808::"],
  ["3fff::", "3fff:fff::"],
  ["5f00::", "5f00:ffff::"],
  ["fc00::", "fdff:ffff::"],
  ["fe80::", "febf:ffff::"],
  ["fec0::", "feff:ffff::"],
  ["ff00::", "ffff:ffff::"],
])("nothing from %s to %s is public", (first, last) => {
  expect(isPublicAddress(first)).toBe(false);
  expect(isPublicAddress(last)).toBe(false);
});

test.each([
  "1.0.0.0",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.0.1.0",
  "223.255.255.255",
  "2000::",
  "2001:200::1",
  "2606:4700::1111",
  "2a00:1450:4001::1",
  "3ffe:ffff::1",
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  "",
  "127.1",
  "8.8.8",
  "010.8.8.8",
  "8.8.8.8:443",
  "[2606:4700::1111]",
  "2606:4700::1111%eth0",
  "a.test",
])("%p has no one reading as an address and is not public", (text) => {
  expect(isPublicAddress(text)).toBe(false);
});

test("the host of a URL is taken for an address in every spelling of one", () => {
  const inUrl = (url: string) => addressInHost(parseHttpUrl(url)?.hostname ?? "");
  expect(inUrl("https://127.1/")).toBe("127.0.0.1");
  expect(inUrl("https://0x7f000001/")).toBe("127.0.0.1");
  expect(inUrl("https://2130706433/")).toBe("127.0.0.1");
  expect(inUrl("https://017700000001/")).toBe("127.0.0.1");
  expect(inUrl("https://[::FFFF:127.0.0.1]/")).toBe("::ffff:7f00:1");
  expect(inUrl("https://a.test/")).toBeNull();
});

test("a site's own machines are inside, and nothing else that is not public is", () => {
  const inside =
    "10.0.0.5 172.16.0.1 172.31.255.255 192.168.1.1 100.64.0.1 127.0.0.1 127.8.8.8 ::1 fc00::1 fd12::1";
  // Clouds keep their secrets at link-local addresses; a zone would lead to another machine than the one judged.
  const outside =
    "169.254.169.254 fe80::1 fe80::1%eth0 fd12::1%eth0 ::ffff:169.254.169.254 0.0.0.0 :: 224.0.0.1 255.255.255.255 172.32.0.1 8.8.8.8 2001:4860::1 a.test";
  for (const address of inside.split(" "))
    expect([address, isInsideAddress(address)]).toEqual([address, true]);
  for (const address of ["", ...outside.split(" ")])
    expect([address, isInsideAddress(address)]).toEqual([address, false]);
});

interface AddressVector {
  readonly address: string;
  readonly public: boolean;
  readonly doubt?: string;
}

test.skipIf(!hasVectors("addresses"))("the published addresses are judged as their list says", () => {
  for (const { address, public: isPublic, doubt } of readVectors<AddressVector[]>(
    "addresses/addresses.json",
  )) {
    const url = parseHttpUrl(`https://${address.includes(":") ? `[${address}]` : address}/`);
    const inHost = addressInHost(url?.hostname ?? "");
    const judged = inHost !== null && isPublicAddress(inHost);
    if (doubt === undefined) expect([address, judged]).toEqual([address, isPublic]);
    if (!isPublic) expect([address, isPublicAddress(address)]).toEqual([address, false]);
  }
  for (const address of readVectors<string[]>("addresses/invalid.json")) {
    expect(parseHttpUrl(`https://[${address}]/`)).toBeNull();
    expect(isPublicAddress(address)).toBe(false);
  }
});

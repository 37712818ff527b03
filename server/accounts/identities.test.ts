/** Accounts held elsewhere, as ways in to one here. */
import { expect, test } from "bun:test";
import { deleteProvider, insertProvider, type Provider } from "../oauth/client/store.ts";
import { eachEngine } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { residents } from "../testing/residents.ts";

const place = (key: number, issuer: string): Provider => ({
  key,
  kind: "oidc",
  name: `place ${key}`,
  issuer,
  clientId: "pub",
  clientSecret: null,
  scope: "openid",
  authorizationEndpoint: null,
  tokenEndpoint: null,
  userinfoEndpoint: null,
  subjectName: "sub",
  admits: "mode",
  domains: [],
  createdMs: 1,
  changedMs: 1,
});

const at = (issuer: string) =>
  ({ kind: "oidc", issuer, subject: "s-1", place: issuer, label: "zoe" }) as const;

eachEngine((engine) => {
  test("an account at a place that was taken away is no other way in", async () => {
    const here = await residents(await engine.freshDb());
    const zoe = await here.person("zoe");
    const { identities, passwords } = here.accounts;
    const [school, gone] = ["https://school.test", "https://gone.test"];
    await here.db.batch([insertProvider(place(1, school)), insertProvider(place(2, gone))]);
    await identities.link(zoe, at(gone));
    await here.db.batch([deleteProvider(2)]);
    expect((await refused(passwords.remove(zoe, 0))).detail.reason).toBe("only-way-in");
    await identities.link(zoe, at(school));
    await passwords.remove(zoe, 0);
    const [dead, good] = await identities.list(zoe.key);
    expect((await refused(identities.unlink(zoe, good?.key ?? 0, 0))).detail.reason).toBe("only-way-in");
    await identities.unlink(zoe, dead?.key ?? 0, 0);
    expect(await identities.list(zoe.key)).toHaveLength(1);
  });

  test("those are named who are shut out by what was taken away, and nobody else", async () => {
    const here = await residents(await engine.freshDb());
    const { identities, passwords } = here.accounts;
    const [school, gone] = ["https://school.test", "https://gone.test"];
    await here.db.batch([insertProvider(place(1, school)), insertProvider(place(2, gone))]);
    const linked = async (name: string, ...issuers: readonly string[]) => {
      const account = await here.person(name);
      for (const issuer of issuers) await identities.link(account, { ...at(issuer), subject: name });
      return account;
    };
    await linked("has_password", gone);
    for (const one of [
      await linked("zoe", gone),
      await linked("ada", gone),
      await linked("elsewhere_too", gone, school),
      await linked("never_there", school),
    ])
      await passwords.remove(one, 0);
    expect(await identities.shutOutBy({ kind: "oidc", issuer: gone })).toEqual([]);
    await here.db.batch([deleteProvider(2)]);
    expect(await identities.shutOutBy({ kind: "oidc", issuer: gone })).toEqual(["ada", "zoe"]);
  });
});

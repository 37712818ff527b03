/** Codes on paper, for those who have no password: who comes in with one, who does not, and who is given a sheet. */
import { expect, test } from "bun:test";
import { type Device, device } from "../testing/authenticator.ts";
import { eachEngine } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { fromHome, fromSchool, ORIGIN, PASSWORD, type Residents, residents } from "../testing/residents.ts";
import type { Account } from "./account.ts";

eachEngine((engine) => {
  const open = async (): Promise<Residents> => residents(await engine.freshDb());

  async function add(here: Residents, account: Account, from: Device): Promise<readonly string[]> {
    const { options, token } = await here.accounts.passkeys.beginNew(account);
    const answer = { token, credential: await from.create(options), name: "Telephone" };
    return (await here.accounts.passkeys.finishNew(account, answer, 0)).recovery ?? [];
  }

  /** Somebody with a passkey alone, and the sheet. */
  async function withoutPassword(here: Residents, name: string) {
    const account = await here.person(name);
    const paper = await add(here, account, await device(ORIGIN));
    await here.accounts.passwords.remove(account, 0);
    const now = await here.accounts.people.getByName(name);
    return { account: now, paper };
  }

  const enter = (here: Residents, login: string, code = "", from = fromHome) =>
    here.accounts.recovery.enter({ login, code }, from);

  test("who has a passkey and no password comes in with a name and a code, once each, and adds a new passkey", async () => {
    const here = await open();
    const { account, paper } = await withoutPassword(here, "alice");
    const [first = "", second = ""] = paper;
    const { session } = await enter(here, " @Alice ", first.replaceAll("-", " ").toUpperCase());
    expect((await here.accounts.sessions.list(account.key))[0]).toMatchObject({
      how: "recovery",
      factor: null,
    });
    expect(await here.accounts.sessions.find(session.token)).toMatchObject({
      account: account.key,
      provedMs: here.clock.now(),
    });
    expect((await here.accounts.factors.state(account)).recoveryLeft).toBe(9);
    expect((await refused(enter(here, "alice", first))).detail.reason).toBe("wrong-recovery");
    expect(await add(here, account, await device(ORIGIN))).toEqual([]);
    expect((await enter(here, "alice", second)).kind).toBe("in");
  });

  test("one code lets one in, however many come with it at once", async () => {
    const here = await open();
    const { account, paper } = await withoutPassword(here, "alice");
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => enter(here, "alice", paper[0])));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await here.accounts.sessions.list(account.key)).toHaveLength(1);
  });

  test("whatever is wrong is told in the same words, and counts as an attempt", async () => {
    const here = await open();
    const { paper } = await withoutPassword(here, "alice");
    const bob = await here.person("bob");
    const ofBob = await add(here, bob, await device(ORIGIN));
    const told = [
      await refused(enter(here, "nobody", paper[0])),
      await refused(enter(here, "alice", "abcd-efgh-jkmn")),
      await refused(enter(here, "alice", "")),
      // Good for bob after his password, and alone for nobody.
      await refused(enter(here, "bob", ofBob[0])),
      await refused(enter(here, "alice", ofBob[0])),
    ];
    expect(told[0]?.code).toBe("unauthenticated");
    const inWords = told.map(({ code, message, detail }) => JSON.stringify({ code, message, detail }));
    expect(new Set(inWords).size).toBe(1);
    for (const name of ["alice", "nobody"]) {
      const last = async () => (await refused(enter(here, name, "no", fromSchool))).code;
      for (let i = 0; i < 10; i++) expect(await last()).toBe("unauthenticated");
      expect(await last()).toBe("too-many");
    }
    // Attempts with a password count together with those.
    expect(
      (await refused(here.accounts.signIn({ login: "alice", password: PASSWORD }, fromSchool))).code,
    ).toBe("too-many");
  });

  test("a code spends nothing for whoever was shut out, and says so only to who has one", async () => {
    const here = await open();
    const { account, paper } = await withoutPassword(here, "alice");
    await here.accounts.people.disable(null, account);
    expect((await refused(enter(here, "alice", paper[0]))).detail.reason).toBe("account-disabled");
    expect((await refused(enter(here, "alice", "no"))).detail.reason).toBe("wrong-recovery");
    expect((await here.accounts.factors.state(account)).recoveryLeft).toBe(10);
    await here.accounts.people.enable(null, account);
    await here.accounts.passwords.setFirst(account, "four words are enough", 0);
    expect((await refused(enter(here, "alice", paper[0]))).detail.reason).toBe("wrong-recovery");
  });

  test("who joins with a passkey is given a sheet, and who gives up the password where no code is left", async () => {
    const here = await open();
    await here.accounts.settings.set({ registration: "open" });
    const { passkeys, passwords, factors } = here.accounts;
    const { options, token } = await passkeys.beginJoin("greta");
    const credential = await (await device(ORIGIN)).create(options);
    const { account, recovery } = await passkeys.finishJoin(
      { token, credential },
      { name: "greta" },
      fromHome,
    );
    expect(recovery).toHaveLength(10);
    expect((await enter(here, "greta", recovery[0])).account.key).toBe(account.key);

    const bob = await here.person("bob");
    const paper = await add(here, bob, await device(ORIGIN));
    expect(await passwords.remove(bob, 0)).toBeNull();
    for (const code of paper) await enter(here, "bob", code);
    expect((await factors.state(bob)).recoveryLeft).toBe(0);
    await passwords.setFirst(await here.accounts.people.getByName("bob"), PASSWORD, 0);
    const fresh = await passwords.remove(await here.accounts.people.getByName("bob"), 0);
    expect(fresh).toHaveLength(10);
    expect((await enter(here, "bob", fresh?.[0])).kind).toBe("in");
  });
});

/** Who is suspended while they wait to be let in: shut out with an answer to give, and waiting again after it. */
import { expect, test } from "bun:test";
import { testApp } from "../testing/app.ts";
import { eachEngine } from "../testing/engines.ts";
import { PASSWORD, person } from "../testing/people.ts";

const ORIGIN = { addressPrefix: "192.0.2.0/24", agent: "" };

eachEngine((engine) => {
  async function waiting() {
    const app = await testApp(engine);
    const ruth = await person(app, "ruth", "admin");
    const { people, settings, signUp, signIn } = app.opened.accounts;
    await settings.set({ registration: "approval" }, null);
    const { key } = await signUp({ name: "eager", password: PASSWORD }, ORIGIN);
    const stateOf = async () => (await people.find(key))?.state;
    const whyNotIn = () =>
      signIn({ login: "eager", password: PASSWORD }, ORIGIN).then(
        () => null,
        (error) => error.detail.reason,
      );
    const suspend = () =>
      app.peace.sanctions.impose(ruth.key, { kind: "suspend", actor: key, text: "Enough" });
    const approve = async () => people.approve(null, await people.getByName("eager"));
    return { app, ruth, key, people, stateOf, whyNotIn, suspend, approve };
  }

  test("nobody is let in by a suspension that is taken back", async () => {
    const { app, ruth, stateOf, whyNotIn, suspend, approve } = await waiting();
    expect([await stateOf(), await whyNotIn()]).toEqual(["pending", "account-pending"]);
    const sanction = await suspend();
    expect(await whyNotIn()).toBe("account-disabled");
    await app.peace.sanctions.lift(ruth.key, sanction);
    expect([await stateOf(), await whyNotIn()]).toEqual(["pending", "account-pending"]);
    await approve();
    expect(await stateOf()).toBe("active");
  });

  test("nobody is let in while they are suspended, and who is turned away meanwhile stays so", async () => {
    const { app, ruth, people, stateOf, suspend, approve } = await waiting();
    const sanction = await suspend();
    expect([await people.count(), (await people.list({ state: "pending", limit: 9 })).items]).toEqual([
      { pending: 0, active: 1, disabled: 1 },
      [],
    ]);
    await expect(approve()).rejects.toThrow("This person does not wait any more.");
    await people.refuse(null, await people.getByName("eager"), "No");
    await app.peace.sanctions.lift(ruth.key, sanction);
    expect(await stateOf()).toBe("disabled");
  });

  test("opening the account on the page takes the suspension back, and lets nobody in", async () => {
    const { app, ruth, key, stateOf, suspend } = await waiting();
    const sanction = await suspend();
    const opened = await ruth.submit("/admin/people", { action: "enable", account: String(key) });
    expect(opened.status).toBe(303);
    expect((await app.peace.sanctions.find(sanction))?.liftedMs).not.toBeNull();
    expect(await stateOf()).toBe("pending");
  });
});

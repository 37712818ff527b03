/** Pictures from one browser to another: two compiled servers, a post with words for its pictures, a face for its author. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { closeBrowsers, hasChromium, type Person, person } from "./browser.ts";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const env = { COMMONS_INSECURE_FEDERATION: "1", COMMONS_UPLOAD_LIMIT: "1MB" };

let here: Running;
let there: Running;
let alice: Person;
let bob: Person;

async function resident(server: Running, name: string, options = {}): Promise<Person> {
  const at = { dataDir: server.dataDir, flags: ["--origin", server.origin], stdin: `${PASSWORD}\n` };
  await runCommons(["user", "create", name, "--admin", "--password-file", "-"], at);
  const who = await person(server.origin, options);
  await who.go("/sign-in");
  await who.page.fill("[name=name]", name);
  await who.page.fill("[name=password]", PASSWORD);
  await who.page.click("main form button");
  await who.page.waitForURL(`${server.origin}/`);
  return who;
}

/** A file as a person would choose it: a picture of this size, of one colour. */
async function picture(width: number, height: number) {
  const pixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const buffer = Buffer.from(await new Bun.Image(pixel).resize(width, height, { fit: "fill" }).png().bytes());
  return { name: "photo.png", mimeType: "image/png", buffer };
}

/** How wide the picture with these words really is, once it has come. */
const widthOf = (page: Page, alt: string): Promise<number> =>
  page.getByAltText(alt).evaluate(async (image) => {
    await (image as HTMLImageElement).decode();
    return (image as HTMLImageElement).naturalWidth;
  });

beforeAll(async () => {
  if (!hasChromium) return;
  [here, there] = await Promise.all([startCommons({ env }), startCommons({ env })]);
  [alice, bob] = await Promise.all([resident(here, "alice"), resident(there, "bob", { scripts: false })]);
});
afterAll(async () => {
  await closeBrowsers();
  await cleanUp();
});

describe.skipIf(!hasChromium)("pictures", () => {
  test("one place for a file is shown at a time, and what is too large is told before it is sent", async () => {
    const { page } = alice;
    await alice.go("/write");
    await page.getByText("Pictures or files").click();
    const places = page.locator("input[type=file]:visible");
    expect(await places.count()).toBe(1);
    const large = {
      name: "large.bin",
      mimeType: "application/octet-stream",
      buffer: Buffer.alloc(1_100_000),
    };
    await places.first().setInputFiles(large);
    expect(await places.first().evaluate((input) => (input as HTMLInputElement).validationMessage)).toContain(
      "1 MB",
    );
    await places.first().setInputFiles(await picture(40, 30));
    expect(await places.count()).toBe(2);
    expect(await places.first().evaluate((input) => (input as HTMLInputElement).validationMessage)).toBe("");
  });

  test("a post of two pictures and no words arrives on the other server, with what they show", async () => {
    await bob.go(`/search?q=${encodeURIComponent(`@alice@${new URL(here.origin).host}`)}`);
    await bob.page.locator('main button[value="Follow"]').first().click();
    await bob.go(`/@alice@${new URL(here.origin).host}`);
    await bob.page.locator('main button[value="Undo Follow"]').first().waitFor();
    const { page } = alice;
    await page.fill("[name=file-1-text]", "A red square");
    await page.setInputFiles("[name=file-2]", await picture(60, 20));
    await page.fill("[name=file-2-text]", "A long red stripe");
    await page.click("form.composer .composer-foot button.button");
    await page.getByAltText("A long red stripe").waitFor();
    expect(await widthOf(page, "A long red stripe")).toBe(60);
    await bob.go("/");
    while ((await bob.page.getByAltText("A red square").count()) === 0) await bob.go("/");
    expect(await widthOf(bob.page, "A red square")).toBe(40);
    const box = bob.page.getByAltText("A long red stripe");
    expect([await box.getAttribute("width"), await box.getAttribute("height")]).toEqual(["60", "20"]);
  });

  test("without scripts somebody gives themselves a face, and takes it away again", async () => {
    const { page } = bob;
    await bob.go("/settings");
    await page.fill("[name=displayName]", "Bob there");
    await page.setInputFiles("[name=icon]", await picture(800, 800));
    await page.locator("main form button", { hasText: "Save" }).click();
    const face = page.locator("main img.avatar");
    expect(await face.getAttribute("src")).toStartWith(`${there.origin}/media/`);
    await bob.go("/@bob");
    expect(await face.count()).toBe(1);
    await bob.go("/settings");
    await page.fill("[name=displayName]", "Bobby");
    await page.press("[name=displayName]", "Enter");
    expect(await face.count()).toBe(1);
    await page.getByRole("button", { name: "Remove: Your picture" }).click();
    expect(await face.count()).toBe(0);
    expect(await page.inputValue("[name=displayName]")).toBe("Bobby");
  });
});

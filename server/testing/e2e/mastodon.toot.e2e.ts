/** Debian's toot, a client for terminals that reads strictly: it signs in with a code, and has a whole conversation. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { formOf, newBrowse, signInByForm } from "./client.ts";
import { cleanUp, newFolder, type Running, runCommons, startCommons } from "./program.ts";

const TOOT = "/usr/bin/toot";
const PASSWORD = "correct horse battery staple";

let server: Running;
let home: string;

/** Runs toot as somebody who has signed in; throws with what it says where it fails. */
async function toot(who: string | null, ...args: readonly string[]): Promise<string> {
  const using = who === null ? [] : ["-u", `${who}@${new URL(server.origin).host}`];
  const child = Bun.spawn([TOOT, ...args, "--no-color", ...using], {
    env: { HOME: home, XDG_CONFIG_HOME: home, PATH: "/usr/bin:/bin", PYTHONUTF8: "1" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0 || /Traceback|Error:/.test(err)) throw new Error(`toot ${args.join(" ")}: ${out} ${err}`);
  return out;
}

/** Opens the address that toot shows, says yes there, and types the code that the page shows. */
async function signIn(name: string): Promise<string> {
  const child = Bun.spawn(
    [TOOT, "login", "--disable-https", "-i", new URL(server.origin).host, "--no-color"],
    {
      env: {
        HOME: home,
        XDG_CONFIG_HOME: home,
        PATH: "/usr/bin:/bin",
        PYTHONUTF8: "1",
        PYTHONUNBUFFERED: "1",
      },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  let said = "";
  let isAnswered = false;
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    said += decoder.decode(chunk);
    const url = /^(http\S+authorize\S+)\s/m.exec(said)?.[1];
    if (url === undefined || isAnswered) continue;
    isAnswered = true;
    child.stdin.write("n\n");
    child.stdin.write(`${await codeFor(name, url)}\n`);
    child.stdin.end();
  }
  const [code, err] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  if (code !== 0) throw new Error(`${said} ${err}`);
  return said;
}

async function codeFor(name: string, url: string): Promise<string> {
  const browse = await signInByForm(server.origin, { name, password: PASSWORD });
  const path = url.slice(server.origin.length);
  const form = formOf(await (await browse(path)).text(), 'name="decision"');
  form.set("decision", "allow");
  const page = await (await browse("/oauth/authorize", form)).text();
  const code = /<code class="secret"[^>]*>([^<]+)<\/code>/.exec(page)?.[1];
  if (code === undefined) throw new Error(`The page shows no code: ${page}`);
  return code;
}

describe.skipIf(!existsSync(TOOT))("toot", () => {
  beforeAll(async () => {
    server = await startCommons();
    home = newFolder();
    for (const [name, flags] of [
      ["alice", ["--admin"]],
      ["bob", []],
    ] as const) {
      await runCommons(["user", "create", name, ...flags, "--password-file", "-"], {
        dataDir: server.dataDir,
        stdin: `${PASSWORD}\n`,
      });
      await signIn(name);
    }
  });
  afterAll(cleanUp);

  /** The id of a post, from the address that toot prints. */
  const idIn = (printed: string): string => /\/(\d{10,})\s*$/m.exec(printed)?.[1] ?? "";

  test("it knows who one is, and what the server is", async () => {
    expect(await toot("alice", "whoami")).toContain("@alice");
    expect(await toot(null, "instance", new URL(server.origin).host, "--disable-https")).toContain("4.5.0");
    expect(await toot(null, "auth")).toContain("bob");
  });

  test("people find and follow one another, and see who follows them", async () => {
    expect(await toot("alice", "search", "bob", "-r")).toContain("@bob");
    await toot("alice", "follow", "bob");
    await toot("bob", "follow", "alice");
    expect(await toot("alice", "following", "alice")).toContain("bob");
    expect(await toot("alice", "followers", "alice")).toContain("bob");
    expect(await toot("alice", "whois", "bob")).toContain("@bob");
  });

  test("a conversation: posts, answers, thread, timelines, likes, shares, bookmarks, pins, tags, deleting", async () => {
    const first = idIn(
      await toot("alice", "post", "Hello from a terminal #toot", "-v", "public", "-l", "en"),
    );
    expect(first).not.toBe("");
    const answer = idIn(await toot("bob", "post", "Hello back, @alice", "-r", first));
    const thread = await toot("alice", "thread", first);
    for (const words of ["Hello from a terminal", "Hello back"]) expect(thread).toContain(words);
    for (const args of [["timeline"], ["timeline", "-p"], ["timeline", "-p", "-l"]])
      expect(await toot("alice", ...args, "-1")).toContain("Hello from a terminal");
    expect(await toot("bob", "timeline", "-t", "toot", "-1")).toContain("Hello from a terminal");
    expect(await toot("alice", "notifications")).toContain("bob");
    for (const [verb, undo] of [
      ["favourite", "unfavourite"],
      ["reblog", "unreblog"],
      ["bookmark", "unbookmark"],
    ] as const) {
      await toot("bob", verb, first);
      if (verb === "reblog") expect(await toot(null, "reblogged_by", first)).toContain("bob");
      if (verb === "bookmark")
        expect(await toot("bob", "bookmarks", "-1")).toContain("Hello from a terminal");
      await toot("bob", undo, first);
    }
    await toot("alice", "pin", first);
    await toot("alice", "unpin", first);
    await toot("alice", "tags_follow", "toot");
    expect(await toot("alice", "tags_followed")).toContain("toot");
    await toot("alice", "tags_unfollow", "toot");
    await toot("bob", "delete", answer);
    expect(await toot("alice", "thread", first)).not.toContain("Hello back");
  });

  test("a picture that is sent without a type is a picture", async () => {
    const file = `${newFolder()}/square.png`;
    await Bun.write(
      file,
      Buffer.from(
        "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC",
        "base64",
      ),
    );
    const id = idIn(await toot("alice", "post", "A square", "-m", file, "-d", "Red"));
    const status = (await (await fetch(`${server.origin}/api/v1/statuses/${id}`)).json()) as {
      media_attachments: readonly { readonly type: string; readonly description: string }[];
    };
    expect(status.media_attachments).toMatchObject([{ type: "image", description: "Red" }]);
  });

  test("blocks and mutes, and the address to sign in with a slash at its end", async () => {
    await toot("alice", "mute", "bob");
    await toot("alice", "unmute", "bob");
    await toot("alice", "block", "bob");
    await toot("alice", "unblock", "bob");
    expect(await (await newBrowse(server.origin)("/oauth/authorize/")).text()).not.toContain("Nothing here");
  });
});

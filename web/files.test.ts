/** Forms with files, as browsers send them and as nobody should. */
import { expect, test } from "bun:test";
import { Problem } from "../server/lib/problem.ts";
import { isMultipart, keepFile, readForm } from "./files.ts";

const post = (body: FormData | URLSearchParams | string, contentType?: string): Request =>
  new Request("http://localhost/act", {
    method: "POST",
    body,
    ...(contentType === undefined ? {} : { headers: { "content-type": contentType } }),
  });

test("a form without files has its fields, each as often as it came", async () => {
  const { fields, files } = await readForm(
    post(new URLSearchParams("choice=a&choice=b&content=%C3%BC%0D%0Aa")),
  );
  expect(fields.getAll("choice")).toEqual(["a", "b"]);
  expect(fields.get("content")).toBe("ü\na");
  expect(files.size).toBe(0);
});

test("a form with files has both, and a file field that was left alone has none", async () => {
  const form = new FormData();
  form.append("content", "Zeile 1\nZeile 2");
  form.append("file-1", new File(["bytes"], "schön.txt"));
  form.append("file-2", new File([], ""));
  const { fields, files } = await readForm(post(form));
  expect(fields.get("content")).toBe("Zeile 1\nZeile 2");
  expect([...files.keys()]).toEqual(["file-1"]);
  expect(files.get("file-1")?.name).toBe("schön.txt");
  expect(await files.get("file-1")?.text()).toBe("bytes");
  expect(fields.has("file-1")).toBe(false);
});

test("a form that breaks off is refused in words", async () => {
  const broken = post("--x\r\nContent-Disposition: form-data; na", "multipart/form-data; boundary=x");
  expect(readForm(broken)).rejects.toThrow("Send it again.");
});

test.each([
  ["multipart/form-data; boundary=x", true],
  ["Multipart/Form-Data;boundary=x", true],
  ["multipart/mixed; boundary=x", false],
  ["application/x-www-form-urlencoded", false],
  ["text/plain; a=multipart/form-data;", false],
  ["", false],
])("%p is a form with files: %p", (contentType, is) => expect(isMultipart(contentType)).toBe(is));

test("what is wrong with a file is told at the field in which it came", async () => {
  const media = { take: () => Promise.reject(new Problem("invalid", "Damaged.", { field: "file" })) };
  const kept = keepFile({ media }, 1, "file-3", new File(["x"], "x.png"));
  expect(kept).rejects.toMatchObject({ code: "invalid", message: "Damaged.", detail: { field: "file-3" } });
});

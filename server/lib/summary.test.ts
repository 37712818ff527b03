/** What somebody writes as a warning is what everybody reads. */
import { expect, test } from "bun:test";
import { fromSummary, toSummary } from "./summary.ts";

test.each([
  "Maths: 1<x and y>2, i <3 you",
  "If a<b and b>c then?",
  "x < y & y > z",
  "<-- this way",
  "AT&T",
  "<script>",
  "<b>bold</b>",
  "<a href='/x'>link</a>",
  "AT&amp;T",
  "&lt;b&gt;",
  "</p>",
  "<br>",
  "<img src=x onerror=alert(1)>",
])("the warning %p comes back as it was written", (plain) => {
  expect(fromSummary(toSummary(plain))).toBe(plain);
});

test.each([
  ["<p>Two<br>lines</p>", "Two\nlines"],
  ['<span class="x">Tom &amp; Jerry</span>', "Tom & Jerry"],
  ["<b>1 &lt; 2</b>", "1 < 2"],
  ["<p>1 < 2</p>", "1 < 2"],
  ["<script>alert(1)</script>words", "words"],
])("of the summary %p readers see %p", (summary, seen) => {
  expect(fromSummary(summary)).toBe(seen);
});

test("a warning without anything like markup goes out in the bare characters that most peers show", () => {
  for (const plain of ["Maths: 1<x and y>2", "i <3 you", "AT&T", "Two\nlines"])
    expect(toSummary(plain)).toBe(plain);
});

test("reading takes time in proportion to the length", () => {
  for (const part of ["<a ", "<a x=", "<a x=y ", "<", "&lt;", "<b>"])
    expect(fromSummary(part.repeat(20_000 / part.length)).length).toBeLessThan(30_000);
});

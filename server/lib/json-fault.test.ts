/** Faults in JSON, and where they are said to be. */
import { expect, test } from "bun:test";
import { findJsonFault } from "./json-fault.ts";

const place = (text: string) => {
  const fault = findJsonFault(text);
  return fault && `${fault.line}:${fault.column} ${fault.wrong}`;
};

test("good JSON has no fault", () => {
  for (const text of ['{"a":[1,-2.5e3,true,null,"x\\u00e9\\n"],"b":{}}', " [ ] ", '"text"', "0"]) {
    expect(place(text)).toBeNull();
    expect(() => JSON.parse(text)).not.toThrow();
  }
});

test("what JSON.parse refuses has a fault, at the line and column where it begins", () => {
  const cases: [text: string, where: string][] = [
    ["", "1:1 a value is expected here, not the end of the file"],
    ['{"a": 1,\n "b": tru }', '2:7 a value is expected here, not "t"'],
    ['{"a":1,\n}', '2:1 there is a comma too many before "}"'],
    ["[1,\n2,]", '2:3 there is a comma too many before "]"'],
    ['{"a":"x\ny"}', "1:8 the line ends before the text does; a line break is written \\n"],
    ['{"a":"x\ty"}', '1:8 "\\t" may not stand in a text as it is; a tab is written \\t'],
    ['{"a" 1}', '1:6 ":" is expected after "a", not "1"'],
    ["{a: 1}", '1:2 a name in quotation marks is expected here, not "a"'],
    ['{"a":1 "b":2}', '1:8 "," or "}" is expected here, not "\\""'],
    ['["a"\n"b"]', '2:1 "," or "]" is expected here, not "\\""'],
    ['{"a":1}\nx', '2:1 the file should end here, but "x" follows'],
    ['{"a": "open', "1:7 this text has no closing quotation mark"],
    ["[01]", '1:2 a value is expected here, not "0"'],
  ];
  for (const [text, where] of cases) {
    expect(place(text)).toBe(where);
    expect(() => JSON.parse(text)).toThrow();
  }
  expect(place('"\\x"')).toContain("after a backslash");
});

test("a name that is there twice is a fault, because the first would be lost", () => {
  expect(place('{"types": 1,\n "types": 2}')).toBe('2:2 "types" is there twice');
});

test("endless nesting is a fault and not a crash", () => {
  expect(place("[".repeat(100_000))).toContain("nested more than 64 deep");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../src/words/en";
import { fill, say } from "../src/words";
import { type Key, zh } from "../src/words/zh";

const holes = (text: string) => [...text.matchAll(/\{(\w+)[:}]/g)].map((found) => found[1]).sort();

test("both languages have the same keys, and every word the same holes", () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
  for (const key of Object.keys(zh) as Key[]) assert.deepEqual(holes(en[key]), holes(zh[key]), key);
});

test("no word is empty", () => {
  for (const words of [zh, en]) for (const [key, text] of Object.entries(words)) assert.ok(text.trim(), key);
});

test("a hole without a value stays to be seen", () => {
  assert.equal(fill("共 {n} 项，{m}", { n: 3 }), "共 3 项，{m}");
});

test("one is one, and more are more", () => {
  assert.equal(fill(en["count.records"], { n: 1 }), "1 record");
  assert.equal(fill(en["count.records"], { n: 0 }), "0 records");
});

test("a value without a word is shown as it is", () => {
  assert.equal(say().of("type", "person"), "人员");
  assert.equal(say().of("type", "submarine"), "submarine");
  assert.equal(say().substance("nitrous_oxide"), "氧化亚氮");
});

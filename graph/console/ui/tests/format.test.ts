import assert from "node:assert/strict";
import { test } from "node:test";
import { certainty, cut, day, marked, moment, plain, quantity, span } from "../src/format";
import { say } from "../src/words";

test("times are told as in China whatever offset they came with", () => {
  assert.equal(moment("2019-06-03T13:14:00Z"), "2019-06-03 21:14");
  assert.equal(day("2019-06-03T23:30:00+00:00"), "2019-06-04");
  assert.equal(day("2019年6月"), "2019年6月");
});

test("an unknown beginning is told as the bound that it is", () => {
  assert.equal(span(null, "2019-06-03T12:00:00+08:00", say()), "不晚于 2019-06-03");
  assert.equal(span("2019-06-01T00:00:00+08:00", "2019-06-03T00:00:00+08:00", say()), "2019-06-01 至 06-03");
  assert.equal(
    span("2018-12-30T00:00:00+08:00", "2019-01-02T00:00:00+08:00", say()),
    "2018-12-30 至 2019-01-02",
  );
  assert.equal(span("2019-06-03T01:00:00+08:00", "2019-06-03T09:00:00+08:00", say()), "2019-06-03");
  assert.equal(span(null, null, say()), "时间不明");
});

test("a quantity keeps its unit, and a missing one is nothing", () => {
  assert.equal(quantity(3894, "g", say()), "3,894 克");
  assert.equal(quantity(2, "箱", say()), "2 箱");
  assert.equal(quantity(null, "g", say()), "");
});

test("what is not certain is never rounded to certain", () => {
  assert.equal(certainty(0.999), "0.99");
  assert.equal(certainty(1), "1.00");
  assert.equal(certainty(0.0001), "<0.01");
});

test("a long label is cut between characters, not inside one", () => {
  assert.equal(cut("🎈🎈🎈🎈", 3), "🎈🎈…");
  assert.equal(cut("林小强", 3), "林小强");
});

test("spans count code points, and impossible ones do no harm", () => {
  const pieces = marked("🎈林小强卖气弹", [
    { start: 1, end: 4 },
    { start: 3, end: 5 },
    { start: 99, end: 120 },
  ]);
  assert.deepEqual(
    pieces.map(({ text, marked: is }) => [text, is]),
    [
      ["🎈", false],
      ["林小强", true],
      ["卖", true],
      ["气弹", false],
    ],
  );
  assert.equal(marked("abc", [])[0]?.text, "abc");
});

test("a value of a record reads as text whatever its shape", () => {
  assert.equal(plain(["a", null, { x: 1 }]), "a、x 1");
  assert.equal(plain(undefined), "");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert, AlertPage } from "../src/api/types";
import { extended, merged, renewed } from "../src/pages/alert-list";

const alert = (id: string, day: number, state = "open"): Alert =>
  ({ id, raised_at: `2019-06-${String(day).padStart(2, "0")}T10:00:00+08:00`, state }) as Alert;
const page = (alerts: Alert[], next: string | null = null): AlertPage => ({ alerts, next, unanswered: 0 });
const ids = (alerts: readonly Alert[]) => alerts.map((each) => each.id).join("");

test("what lies behind a page comes behind it, and nothing twice", () => {
  const known = merged([], page([alert("d", 9), alert("c", 7)], "7.c"), true);
  assert.equal(ids(merged(known, page([alert("b", 5), alert("a", 5)]), false)), "dcba");
  assert.equal(ids(merged(known, page([alert("c", 7), alert("b", 5)]), false)), "dcb");
});

test("what newer ones pushed off the first page stays where it was", () => {
  const known = [alert("d", 9), alert("c", 7), alert("b", 5)];
  assert.equal(ids(merged(known, page([alert("e", 10), alert("d", 9)], "9.d"), true)), "edcb");
});

test("what is not in a page any more though its place is there is gone", () => {
  const known = [alert("d", 9), alert("c", 7), alert("b", 5), alert("a", 3)];
  assert.equal(ids(merged(known, page([alert("d", 9), alert("b", 5)], "5.b"), true)), "dba");
  assert.equal(ids(merged(known, page([alert("d", 9), alert("b", 5)]), true)), "db");
  assert.equal(ids(merged(known, page([]), true)), "");
});

test("what was read last of an alert counts", () => {
  const known = [alert("d", 9), alert("c", 7)];
  const [, second] = merged(known, page([alert("d", 9), alert("c", 7, "in_work")]), true);
  assert.equal(second?.state, "in_work");
});

test("when more came than a page holds, the page stands alone and leads on to them", () => {
  const known = { alerts: [alert("c", 7), alert("b", 5)], next: "5.b" };
  const found = renewed(known, page([alert("h", 12), alert("g", 11)], "11.g"));
  assert.deepEqual([ids(found.alerts), found.next], ["hg", "11.g"]);
  const more = extended(found, "11.g", page([alert("f", 10), alert("e", 9)], "9.e"));
  assert.deepEqual([ids(more.alerts), more.next], ["hgfe", "9.e"]);
  assert.equal(extended(found, "5.b", page([alert("a", 3)])), found, "asked for behind what is not there now");
});

test("when a page reaches down to what is known, the list goes on behind what is known", () => {
  const known = { alerts: [alert("c", 7), alert("b", 5)], next: "5.b" };
  const found = renewed(known, page([alert("d", 9), alert("c", 7)], "7.c"));
  assert.deepEqual([ids(found.alerts), found.next], ["dcb", "5.b"]);
  const all = renewed(known, page([alert("d", 9)]));
  assert.deepEqual([ids(all.alerts), all.next], ["d", null]);
  assert.deepEqual(renewed({ alerts: [], next: null }, page([alert("d", 9)], "9.d")).next, "9.d");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alert, AlertPage } from "../src/api/types";
import { merged } from "../src/pages/alert-list";

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

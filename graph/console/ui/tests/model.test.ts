import assert from "node:assert/strict";
import { test } from "node:test";
import type { Link, Node } from "../src/api/types";
import {
  type Deed,
  type History,
  MOST_PAST,
  reduce,
  renew,
  START,
  type Step,
} from "../src/graph/model";
import { histogram, NO_FILTER, show, within } from "../src/graph/shown";
import { fromBody, toBody } from "../src/graph/views";

const node = (id: string, type = "person"): Node => ({ id, type, label: id.toUpperCase(), records: 2 });
const link = (from: string, to: string, more: Partial<Link> = {}): Link => ({
  id: `supplied:${from}:${to}`,
  type: "supplied",
  from,
  to,
  edges: [`edg-${from}${to}`],
  records: ["a/1"],
  earliest: null,
  latest: "2019-06-03T00:00:00+08:00",
  substances: [],
  quantity: null,
  unit: null,
  confidence: 0.8,
  ...more,
});
const after = (...steps: Step[]): History => steps.reduce(reduce, START);
const abc: Deed = {
  do: "add",
  nodes: [node("a"), node("b"), node("c", "vehicle")],
  links: [link("a", "b"), link("b", "c"), link("c", "z")],
  spots: { a: { x: 0, y: 0 }, b: { x: 100, y: 0 }, c: { x: 200, y: 60 } },
};

test("a link whose end is not drawn is not kept", () => {
  assert.deepEqual(Object.keys(after(abc).now.links), ["supplied:a:b", "supplied:b:c"]);
});

test("undo takes back one deed at a time, and redo brings it again", () => {
  const done = after(abc, { do: "hide", ids: ["a"] }, { do: "pin", ids: ["b"], pinned: true });
  const back = reduce(done, { do: "undo" });
  assert.equal(back.now.dots.b?.pinned, false);
  assert.equal(back.now.dots.a?.hidden, true);
  assert.deepEqual(reduce(back, { do: "redo" }).now, done.now);
  assert.deepEqual(after(abc, { do: "undo" }, { do: "undo" }).now, START.now);
});

test("a new deed ends the future", () => {
  const done = after(abc, { do: "hide", ids: ["a"] }, { do: "undo" }, { do: "hide", ids: ["b"] });
  assert.equal(done.future.length, 0);
});

test("a deed that changes nothing leaves no trace in the history", () => {
  const once = after(abc);
  assert.equal(reduce(once, abc), once);
  assert.equal(reduce(once, { do: "hide", ids: ["nobody"] }), once);
  assert.equal(reduce(once, { do: "unhide" }), once);
});

test("the history is bounded", () => {
  let history = after(abc);
  for (let at = 0; at < 3 * MOST_PAST; at += 1)
    history = reduce(history, { do: "move", spots: { a: { x: at + 1, y: 0 } } });
  assert.equal(history.past.length, MOST_PAST);
});

const told = (ids: string[], links: Link[], now: Record<string, string> = {}) => ({
  nodes: ids.map((id) => node(id)),
  links,
  around: {},
  now: { ...Object.fromEntries(ids.map((id) => [id, id])), ...now },
});

test("news about links cannot be undone", () => {
  const news = told(["a", "b", "c"], [link("a", "b", { edges: ["edg-1", "edg-2"] })]);
  const { now, past } = after(abc, { do: "refresh", ids: ["a", "b", "c"], told: news });
  assert.deepEqual(Object.keys(now.links), ["supplied:a:b"]);
  assert.equal(now.links["supplied:a:b"]?.edges.length, 2);
  assert.equal(past.length, 1);
});

test("two that have become one are one dot, where the one stood whose name stays", () => {
  const news = told(["b", "c"], [link("b", "c")], { a: "b" });
  const { now } = after(abc, { do: "refresh", ids: ["a", "b", "c"], told: news });
  assert.deepEqual([Object.keys(now.dots), now.dots.b?.x], [["b", "c"], 100]);
  assert.deepEqual(Object.keys(now.links), ["supplied:b:c"]);
});

test("what was drawn while the news were under way stays", () => {
  const { now } = after(abc, { do: "refresh", ids: ["a"], told: told([], []) });
  assert.deepEqual(Object.keys(now.dots), ["b", "c"]);
  assert.deepEqual(Object.keys(now.links), ["supplied:b:c"]);
});

test("removing a node takes its links along", () => {
  assert.deepEqual(Object.keys(after(abc, { do: "remove", ids: ["c"] }).now.links), ["supplied:a:b"]);
});

test("what was hidden comes back when it is found again", () => {
  assert.equal(after(abc, { do: "hide", ids: ["a"] }, abc).now.dots.a?.hidden, false);
});

test("a group stands for its members, their links become its own", () => {
  const { now } = after(abc, { do: "group", id: "group:1", label: "2", ids: ["a", "b"] });
  const shown = show(now, NO_FILTER);
  assert.deepEqual(
    shown.nodes.map((one) => [one.id, one.holds]),
    [
      ["c", 0],
      ["group:1", 2],
    ],
  );
  assert.deepEqual(
    shown.links.map((one) => one.id),
    ["supplied:group:1:c"],
  );
  assert.deepEqual(shown.nodes[1] && { x: shown.nodes[1].x, y: shown.nodes[1].y }, { x: 50, y: 0 });
});

test("a group of one dissolves, and a group can take in another", () => {
  const grouped = after(abc, { do: "group", id: "group:1", label: "2", ids: ["a", "b"] });
  assert.deepEqual(reduce(grouped, { do: "remove", ids: ["a"] }).now.groups, {});
  const larger = reduce(grouped, { do: "group", id: "group:2", label: "3", ids: ["group:1", "c"] });
  assert.deepEqual(Object.keys(larger.now.groups), ["group:2"]);
  assert.deepEqual(show(reduce(larger, { do: "ungroup", id: "group:2" }).now, NO_FILTER).nodes.length, 3);
});

test("filters by type, kind of link and time leave the drawing alone", () => {
  const { now } = after(abc);
  assert.deepEqual(
    show(now, { ...NO_FILTER, types: new Set(["vehicle"]) }).links.map((one) => one.id),
    ["supplied:a:b"],
  );
  assert.equal(show(now, { ...NO_FILTER, links: new Set(["supplied"]) }).links.length, 0);
  const later = { from: Date.parse("2019-07-01"), to: Date.parse("2019-08-01") };
  assert.equal(show(now, { ...NO_FILTER, time: later }).links.length, 0);
});

test("an open beginning reaches back, an undated link is kept or not as asked", () => {
  const may = { ...NO_FILTER, time: { from: Date.parse("2019-05-01"), to: Date.parse("2019-05-31") } };
  assert.equal(within({ earliest: null, latest: "2019-06-03T00:00:00Z" }, may), true);
  assert.equal(within({ earliest: "2019-06-01T00:00:00Z", latest: "2019-06-03T00:00:00Z" }, may), false);
  assert.equal(within({ earliest: null, latest: null }, may), true);
  assert.equal(within({ earliest: null, latest: null }, { ...may, undated: false }), false);
});

test("every dated link stands in one bar of the histogram", () => {
  const found = histogram(
    [link("a", "b"), link("b", "c", { latest: "2019-09-01T00:00:00Z" }), link("c", "a", { latest: null })],
    10,
  );
  assert.equal(
    found?.bars.reduce((sum, bar) => sum + bar, 0),
    2,
  );
  assert.equal(found?.undated, 1);
  assert.equal(histogram([]), null);
});

test("a saved view opens as it was, with the links that are still to be seen", () => {
  const { now } = after(
    abc,
    { do: "pin", ids: ["a"], pinned: true },
    { do: "group", id: "group:1", label: "2", ids: ["b", "c"] },
  );
  const opened = fromBody(JSON.parse(JSON.stringify(toBody(now))));
  assert.ok(opened);
  const ids = ["a", "b", "c"];
  const links = Object.values(now.links);
  const seen = { nodes: [node("a"), node("b"), node("c", "vehicle")], links, now: { a: "a", b: "b", c: "c" }, around: {} };
  assert.deepEqual(renew(opened, ids, seen), now);
  assert.deepEqual(Object.keys(renew(opened, ids, told(["a", "b"], links)).dots), ["a", "b"]);
});

test("a view keeps no names and no numbers of records, and believes none: each reads their own", () => {
  const body = toBody(after(abc).now);
  for (const kept of body.nodes as object[]) assert.deepEqual(Object.keys(kept), ["id", "type", "x", "y"]);
  const older = { version: 1, as_of: "2019-06-01", nodes: [{ id: "a", type: "person", label: "A", records: 9, x: 1, y: 2 }] };
  const opened = fromBody(older);
  assert.ok(opened);
  const unseen = renew(opened, ["a"], told([], []));
  assert.deepEqual([unseen.dots.a?.label, unseen.dots.a?.records, unseen.dots.a?.absent], ["", 0, true]);
  const seen = renew(opened, ["a"], told(["a"], []));
  assert.deepEqual([seen.dots.a?.label, seen.dots.a?.records], [node("a").label, node("a").records]);
});

test("a body that is not a view is refused", () => {
  assert.equal(fromBody({}), null);
  assert.equal(
    fromBody({ version: 1, nodes: [{ id: "a", type: "person", label: "A", x: "1", y: 2 }] }),
    null,
  );
  assert.equal(fromBody({ version: 9, nodes: [] }), null);
});

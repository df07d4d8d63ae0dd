import assert from "node:assert/strict";
import { test } from "node:test";
import type { Around, Drawn, Link, Node } from "../src/api/types";
import { leftByLink, restId } from "../src/graph/hubs";
import {
  DEFAULT_MOST,
  type Deed,
  type Drawing,
  EMPTY,
  fitting,
  type History,
  MOST,
  reduce,
  renew,
  room,
  START,
  type Step,
} from "../src/graph/model";
import { NO_FILTER, show } from "../src/graph/shown";
import { fromBody, toBody } from "../src/graph/views";

const node = (id: string, type = "phone"): Node => ({ id, type, label: id.toUpperCase(), records: 2 });
const link = (from: string, to: string, type = "uses"): Link => ({
  id: `${type}:${from}:${to}`,
  type,
  from,
  to,
  edges: [`edg-${from}${to}`],
  records: ["a/1"],
  earliest: null,
  latest: null,
  substances: [],
  quantity: null,
  unit: null,
  confidence: 0.8,
});
const after = (...steps: Step[]): History => steps.reduce(reduce, START);
const around = (types: Record<string, number>, whole = true): Around => ({
  types,
  links: { uses: types.phone ?? 0, met: types.person ?? 0 },
  whole,
});
/** The hub `h` has five phones, of which two are drawn, and one person. */
const hub: Deed = {
  do: "add",
  nodes: [node("h", "person"), node("p1"), node("p2")],
  links: [link("h", "p1"), link("h", "p2")],
  spots: { [restId("h", "phone")]: { x: 7, y: 8 } },
  around: { h: around({ phone: 5, person: 1 }) },
};
const rests = (now: Drawing): Record<string, number> =>
  Object.fromEntries(
    show(now, NO_FILTER)
      .nodes.filter((one) => one.more > 0)
      .map((one) => [`${one.hub} ${one.type}`, one.more]),
  );
const told = (ids: string[], links: Link[], counts: Record<string, Around> = {}): Drawn => ({
  nodes: ids.map((id) => node(id, id === "h" ? "person" : "phone")),
  links,
  now: Object.fromEntries(ids.map((id) => [id, id])),
  around: counts,
});

test("what is not drawn of a hub's neighbours stands beside it, one node for each type, linked to it", () => {
  const { now } = after(hub);
  assert.deepEqual(rests(now), { "h phone": 3, "h person": 1 });
  const shown = show(now, NO_FILTER, ({ count, type }) => `${count} ${type}`);
  const rest = shown.nodes.find((one) => one.id === restId("h", "phone"));
  assert.deepEqual([rest?.label, rest?.x, rest?.y, rest?.records], ["3 phone", 7, 8, 0]);
  assert.deepEqual(
    shown.links.filter((one) => one.type === "more").map((one) => [one.from, one.to, one.edges]),
    [
      ["h", restId("h", "phone"), []],
      ["h", restId("h", "person"), []],
    ],
  );
});

test("somebody who is drawn is counted no more, however they came to be drawn, and again when they are removed", () => {
  const more = { do: "add", nodes: [node("p3")], links: [link("h", "p3"), link("p3", "h", "met")], spots: {} } as const;
  const drawn = after(hub, more);
  assert.equal(rests(drawn.now)["h phone"], 2);
  assert.equal(rests(reduce(drawn, { do: "undo" }).now)["h phone"], 3);
  assert.equal(rests(reduce(drawn, { do: "remove", ids: ["p1", "p2"] }).now)["h phone"], 4);
  assert.equal(rests(reduce(drawn, { do: "hide", ids: ["p1"] }).now)["h phone"], 2, "hidden is drawn, out of sight");
});

test("a hub all of whose neighbours are drawn has no rest, nor gets one when some are removed", () => {
  const all = { ...hub, around: { h: around({ phone: 2 }) } };
  assert.deepEqual(after(all).now.hubs, {});
  assert.deepEqual(rests(after(all, { do: "remove", ids: ["p1"] }).now), {});
});

test("by kinds of link the rest is counted as well", () => {
  assert.deepEqual(leftByLink(after(hub).now, "h"), { uses: 3, met: 1 });
});

test("a rest is hidden, comes back, is moved, and all of it can be undone", () => {
  const id = restId("h", "phone");
  const hidden = after(hub, { do: "hide", ids: [id] });
  assert.deepEqual(rests(hidden.now), { "h person": 1 });
  assert.deepEqual(rests(reduce(hidden, { do: "undo" }).now), { "h phone": 3, "h person": 1 });
  assert.deepEqual(rests(reduce(hidden, { do: "unhide" }).now), { "h phone": 3, "h person": 1 });
  assert.deepEqual(rests(after(hub, { do: "remove", ids: [id] }).now), { "h person": 1 });
  const { now } = after(hub, { do: "move", spots: { [id]: { x: 50, y: 60 } } });
  assert.equal(show(now, NO_FILTER).nodes.find((one) => one.id === id)?.x, 50);
});

test("a rest is seen where its hub is seen and its type is not filtered out", () => {
  assert.deepEqual(rests(after(hub, { do: "hide", ids: ["h"] }).now), {});
  assert.deepEqual(rests(after(hub, { do: "group", id: "group:1", label: "2", ids: ["h", "p1"] }).now), {});
  const { nodes } = show(after(hub).now, { ...NO_FILTER, types: new Set(["phone"]) });
  assert.deepEqual(
    nodes.map((one) => one.id),
    ["h", restId("h", "person")],
  );
  assert.deepEqual(after(hub, { do: "remove", ids: ["h"] }).now.hubs, {});
});

test("news of a hub's neighbours change the rest, and go to the name that the hub has by now", () => {
  const { now } = after(hub);
  const links = [link("h", "p1"), link("h", "p2")];
  const more = told(["h", "p1", "p2"], links, { h: around({ phone: 9 }) });
  assert.deepEqual(rests(renew(now, ["h", "p1", "p2"], more)), { "h phone": 7 });
  const joined: Drawn = {
    nodes: [node("k", "person"), node("p1")],
    links: [link("k", "p1")],
    now: { h: "k", p1: "p1" },
    around: { k: around({ phone: 4 }) },
  };
  assert.deepEqual(rests(renew(now, ["h", "p1", "p2"], joined)), { "k phone": 3 });
  const uncounted = told(["h", "p1", "p2"], links);
  assert.deepEqual(rests(renew(now, ["h", "p1", "p2"], uncounted)), {}, "what is not counted is not told");
});

test("a view keeps which hubs have a rest and where it stands, and no numbers: who opens it may see others", () => {
  const { now } = after(hub, { do: "hide", ids: [restId("h", "person")] });
  const body = toBody(now);
  assert.deepEqual(body.hubs, [{ id: "h", spots: { phone: { x: 7, y: 8 } }, hidden: ["person"] }]);
  const opened = fromBody(JSON.parse(JSON.stringify(body)));
  assert.ok(opened);
  assert.deepEqual(rests(opened), {});
  const less = told(["h", "p1", "p2"], Object.values(now.links), { h: around({ phone: 3, person: 1 }) });
  assert.deepEqual(rests(renew(opened, ["h", "p1", "p2"], less)), { "h phone": 1 });
});

test("as many are drawn as there is room for, and whoever is linked to the others becomes a hub", () => {
  const few: Drawing = after(hub).now;
  assert.deepEqual([room(few, DEFAULT_MOST), room(few, MOST), room(EMPTY, 1)], [797, 2997, 800]);
  const fresh = [node("q1"), node("q2"), node("q3")];
  const links = [link("h", "q1"), link("h", "q2"), link("q1", "q3"), link("p1", "q2"), link("h", "q3")];
  assert.deepEqual(fitting(few, fresh, links, 3), { kept: fresh, hubs: [] });
  const { kept, hubs } = fitting(few, fresh, links, 1);
  assert.deepEqual([kept.map((one) => one.id), hubs], [["q1"], ["h", "q1", "p1"]]);
});

const back: Deed = {
  do: "moment",
  asOf: "2019-06-30",
  ids: ["h", "p1", "p2"],
  told: told(["h", "p1"], [link("h", "p1")], { h: around({ phone: 3 }) }),
};

test("as of an earlier day only what was known then is shown, with the counts of then", () => {
  const { now } = after(hub, back);
  assert.deepEqual(
    show(now, NO_FILTER).nodes.map((one) => one.id),
    ["h", "p1", restId("h", "phone")],
  );
  assert.deepEqual([rests(now), now.asOf], [{ "h phone": 2 }, "2019-06-30"]);
  assert.deepEqual(Object.keys(now.links), ["uses:h:p1"]);
});

test("what was not known then is there again when one comes back, in its place", () => {
  const forth: Deed = {
    do: "moment",
    asOf: null,
    ids: ["h", "p1", "p2"],
    told: told(["h", "p1", "p2"], [link("h", "p1"), link("h", "p2")], { h: around({ phone: 5, person: 1 }) }),
  };
  const start = after(hub);
  assert.deepEqual(reduce(reduce(start, back), forth).now, start.now);
  assert.deepEqual(after(hub, back, { do: "undo" }).now, start.now);
  assert.deepEqual(after(hub, back, { do: "undo" }, { do: "redo" }).now.asOf, "2019-06-30");
});

test("news that come while an earlier day is looked at take nothing away for good", () => {
  const news = { do: "refresh", ids: ["h", "p1", "p2"], told: told(["h"], []) } as const;
  const { now } = after(hub, back, news);
  assert.deepEqual(
    show(now, NO_FILTER).nodes.filter((one) => one.more === 0).map((one) => one.id),
    ["h"],
  );
  assert.deepEqual(Object.keys(now.dots), ["h", "p1", "p2"]);
});

test("a view of an earlier day is opened as of that day", () => {
  const { now } = after(hub, back);
  const opened = fromBody(JSON.parse(JSON.stringify(toBody(now))));
  assert.equal(opened?.asOf, "2019-06-30");
  const unnamed = Object.values(now.dots).map((dot) => [dot.id, dot.absent ? { ...dot, label: "", records: 0 } : dot]);
  assert.deepEqual(opened && renew(opened, ["h", "p1", "p2"], back.told), { ...now, dots: Object.fromEntries(unnamed) });
  assert.equal(fromBody({ version: 1, nodes: [], as_of: "yesterday" })?.asOf, null);
});

test("an emptied drawing stays at its day, and does not forget it", () => {
  assert.deepEqual(after(hub, back, { do: "clear" }).now, { ...EMPTY, asOf: "2019-06-30" });
});

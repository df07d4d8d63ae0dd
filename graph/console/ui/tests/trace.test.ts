import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entity, Traced, TraceLink } from "../src/api/types";
import { covers, groups, headRows } from "../src/evidence/parts";
import { flowsOf, measured, readable } from "../src/trace/flows";
import { compose, LABEL_HEIGHT, linkOfHop, ofChain, fitting } from "../src/trace/layout";

const entity = (id: string): Entity => ({
  id,
  type: "person",
  label: id,
  mentions: [],
  identifiers: [],
  aliases: [],
});
const link = (from: string, to: string, chains: number[], more: Partial<TraceLink> = {}): TraceLink => ({
  from,
  to,
  substance: "nitrous_oxide",
  earliest: null,
  latest: "2019-06-03T00:00:00+08:00",
  confidence: 0.6,
  quantity: 2,
  unit: "kg",
  records: ["a/1"],
  kind: "relation",
  edges: [`edg-${from}${to}`],
  chains,
  ...more,
});

function traced(tiers: string[][], links: TraceLink[]): Traced {
  const nodes = Object.fromEntries(
    tiers.flatMap((ids, tier) =>
      ids.map((id, place) => [id, { tier, place, type: "person", label: id, role: null }]),
    ),
  );
  const hop = (one: TraceLink) => ({ ...one, from: entity(one.from), to: entity(one.to) });
  const last = tiers.at(-1)?.[0] ?? "";
  const chains = [0, 1].map((at) => ({
    confidence: 0.5,
    hops: links.filter((one) => one.chains.includes(at)).map(hop),
  }));
  return {
    trace: {
      origin: entity(last),
      direction: "up",
      as_of: null,
      truncated: false,
      chains,
      reached: [],
      excluded: [],
    },
    nodes,
    tiers,
    links,
    crossings: 0,
    weakest: [],
    withheld: false,
    details: [],
    note: null,
  };
}

const two = traced(
  [["s", "t"], ["m"], ["o"]],
  [link("s", "m", [0]), link("t", "m", [1]), link("m", "o", [0, 1])],
);

test("the source stands at the left of the street", () => {
  const { spots } = compose(two, 900, 400);
  assert.ok((spots.get("s")?.x ?? 0) < (spots.get("m")?.x ?? 0));
  assert.ok((spots.get("m")?.x ?? 0) < (spots.get("o")?.x ?? 0));
});

test("a crowded tier is drawn smaller, but never too small to read", () => {
  const crowd = Array.from({ length: 40 }, (_, at) => `c${at}`);
  const picture = compose(
    traced(
      [crowd, ["o"]],
      crowd.map((id) => link(id, "o", [0])),
    ),
    900,
    400,
  );
  assert.ok(picture.scale >= 0.8 && picture.scale < 1);
  assert.ok(picture.height * picture.scale > 400);
});

test("labels of one gap do not lie on each other", () => {
  const many = Array.from({ length: 9 }, (_, at) => `c${at}`);
  const { lines } = compose(
    traced(
      [many, ["o"]],
      many.map((id) => link(id, "o", [0])),
    ),
    900,
    700,
  );
  const ys = lines.map((line) => line.y).sort((one, other) => one - other);
  for (let at = 1; at < ys.length; at += 1)
    assert.ok((ys[at] ?? 0) - (ys[at - 1] ?? 0) >= LABEL_HEIGHT - 0.01);
});

test("a chosen chain keeps its own links and nodes only", () => {
  assert.deepEqual([...(ofChain(two, 1)?.nodes ?? [])].sort(), ["m", "o", "t"]);
  assert.deepEqual([...(ofChain(two, 1)?.links ?? [])], [1, 2]);
  assert.equal(ofChain(two, null), null);
  assert.equal(linkOfHop(two, 1, 1), 2);
  assert.equal(linkOfHop(two, 5, 0), -1);
});

test("quantities are compared within one dimension, and the others keep the chain together", () => {
  const flows = flowsOf([
    link("a", "b", [0], { quantity: 2, unit: "kg" }),
    link("a", "b", [0], { quantity: 500, unit: "克" }),
    link("b", "c", [0], { quantity: 3, unit: "箱" }),
    link("b", "d", [0], { quantity: null }),
  ]);
  assert.deepEqual(flows, {
    unit: "g",
    flows: [
      { from: "a", to: "b", value: 2500, links: [0, 1] },
      { from: "b", to: "c", value: 0, links: [2] },
      { from: "b", to: "d", value: 0, links: [3] },
    ],
    without: 2,
    loops: 0,
  });
  assert.deepEqual(measured(2, "斤"), { unit: "g", value: 1000 });
  assert.deepEqual(readable(2500, "g"), [2.5, "kg"]);
});

test("who has no name in a record is called by place there, not by the sender's ref", () => {
  const body = {
    persons: [{ ref: "p1", name: "伍振海" }, { ref: "p2" }],
    relations: [{ from: "p1", to: "p2", kind: "met" }],
  };
  const [relations] = groups(body, [], (list, at) => `${list} ${at + 1}`);
  assert.deepEqual(
    relations?.items[0]?.rows.map((row) => row.value),
    ["伍振海", "met", "persons 2"],
  );
});

test("a circle of deliveries is opened, not drawn for ever", () => {
  const flows = flowsOf([link("a", "b", [0]), link("b", "c", [0]), link("c", "a", [0])]);
  assert.equal(flows.flows.length, 2);
  assert.equal(flows.loops, 1);
});

test("a label says what there is room for, and Chinese takes more of it", () => {
  const texts = [["nitrous oxide", "1 record", "0.61"], ["1 record", "0.61"], ["0.61"]];
  assert.equal(fitting(texts, 300, 10), "nitrous oxide · 1 record · 0.61");
  assert.equal(fitting(texts, 90, 10), "1 record · 0.61");
  assert.equal(fitting(texts, 5, 10), "0.61");
  assert.equal(fitting([["氧化亚氮", ""], ["长"]], 39, 10), "长");
});

test("what a link stands on is marked in the record and comes first", () => {
  const body = {
    persons: [
      { ref: "p1", name: "林小强" },
      { ref: "p2", name: "阿明" },
    ],
    relations: [
      { from: "p1", to: "p2", kind: "met" },
      { from: "p1", to: "p2", quantity: 2, unit: "支", kind: "supplied" },
    ],
    case: "2019-551",
  };
  const found = groups(body, [{ path: "relations[1].quantity" }]);
  assert.deepEqual(
    found.map((group) => group.list),
    ["relations", "persons"],
  );
  assert.deepEqual(
    found[0]?.items.map((item) => [item.at, item.marked]),
    [
      [1, true],
      [0, false],
    ],
  );
  assert.deepEqual(
    found[0]?.items[0]?.rows.map((row) => [row.name, row.value, row.marked]),
    [
      ["from", "林小强", false],
      ["kind", "supplied", false],
      ["to", "阿明", false],
      ["quantity", "2 支", true],
    ],
  );
  assert.deepEqual(
    headRows(body, []).map((row) => row.name),
    ["case"],
  );
  assert.equal(covers(["relations[10]"], "relations[1]"), false);
});

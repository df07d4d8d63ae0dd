import assert from "node:assert/strict";
import { test } from "node:test";
import { around, distance, nearest, radial, rows } from "../src/graph/places";
import { labelled, wound } from "../src/pages/geometry";
import { lay, ticks } from "../src/pages/lanes";
import { compared, stacked } from "../src/pages/sides";

const ids = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);

test("new nodes do not lie on each other or on those that are there", () => {
  const spots = Object.values(around({ x: 0, y: 0 }, ids(60), [{ x: 0, y: -130 }]));
  assert.equal(spots.length, 60);
  const all = [...spots, { x: 0, y: -130 }];
  for (const [at, one] of all.entries())
    for (const other of all.slice(at + 1)) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 60);
});

test("all three thousand get a place in every layout", () => {
  const links = ids(3000)
    .slice(1)
    .map((id, at) => ({ from: `n${Math.floor(at / 3)}`, to: id }));
  assert.equal(Object.keys(radial(ids(3000), links)).length, 3000);
  assert.equal(Object.keys(rows(ids(3000), [])).length, 3000);
  assert.equal(Object.keys(around({ x: 0, y: 0 }, ids(2999), [])).length, 2999);
});

test("an arrow key goes to the nearest on that side", () => {
  const others = [
    { id: "right", x: 100, y: 10 },
    { id: "far", x: 300, y: 0 },
    { id: "above", x: 5, y: -80 },
  ];
  assert.equal(nearest({ x: 0, y: 0 }, others, "right"), "right");
  assert.equal(nearest({ x: 0, y: 0 }, others, "up"), "above");
  assert.equal(nearest({ x: 0, y: 0 }, others, "left"), null);
});

test("a timeline shows a bare upper bound as a bracket that ends there, and keeps overlapping items apart", () => {
  const item = (from: string | null, to: string, precision: "bound" | "span" | "day") => ({
    from,
    to,
    precision,
    record: "a/1",
    label: "",
    edge: null,
  });
  const laid = lay(
    [
      {
        type: "supplied",
        items: [
          item("2019-01-01", "2019-06-01", "span"),
          item("2019-02-01", "2019-02-01", "day"),
          item(null, "2019-03-01", "bound"),
        ],
      },
    ],
    1000,
  );
  const [lane] = laid?.lanes ?? [];
  assert.equal(lane?.rows, 2);
  const bound = lane?.placed.find((one) => one.item.precision === "bound");
  assert.equal(Math.round(bound?.width ?? 0), 40);
  assert.equal(lay([], 100), null);
});

test("ticks are never too many", () => {
  const day = 86_400_000;
  for (const days of [1, 9, 60, 200, 900, 3650, 20000])
    assert.ok(ticks(0, days * day).length <= 31, String(days));
});

test("a ring is turned the way the projection wants it, whichever way it came", () => {
  const ring = [
    [108, 18],
    [111, 18],
    [111, 20],
    [108, 20],
    [108, 18],
  ];
  const land = (coordinates: number[][]): GeoJSON.FeatureCollection => ({
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [coordinates] } },
    ],
  });
  assert.deepEqual(wound(land(ring)), wound(land([...ring].reverse())));
});

test("names on a map do not lie on each other", () => {
  const found = labelled([
    { id: "a", x: 0, y: 0, wide: 60 },
    { id: "b", x: 10, y: 0, wide: 60 },
    { id: "c", x: 20, y: 0, wide: 60 },
    { id: "d", x: 300, y: 0, wide: 60 },
  ]);
  assert.deepEqual(
    [...found],
    [
      ["a", "above"],
      ["b", "below"],
      ["d", "above"],
    ],
  );
});

test("two sides are compared field by field, differences first", () => {
  const rows_ = compared(
    { name: "符伟强", phones: ["1", "2"], role: "user" },
    { name: "符玮强", phones: ["2"], hukou: "海口" },
  );
  assert.deepEqual(
    rows_.map((row) => [row.name, row.how]),
    [
      ["name", "differ"],
      ["phones", "agree"],
      ["role", "onlyone"],
      ["hukou", "onlyone"],
    ],
  );
});

test("each bar of the waterfall begins where the last one ended", () => {
  const bars = stacked([
    { feature: "name", bits: 5, why: "" },
    { feature: "birth", bits: -2, why: "" },
  ]);
  assert.deepEqual(
    bars.map((bar) => [bar.from, bar.to]),
    [
      [0, 5],
      [5, 3],
    ],
  );
});

test("a line is as far as its nearest point, beyond its ends as these", () => {
  const [from, to] = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];
  assert.equal(distance({ x: 4, y: 3 }, from, to), 3);
  assert.equal(distance({ x: 13, y: 4 }, from, to), 5);
  assert.equal(distance({ x: 3, y: 4 }, from, from), 5);
});

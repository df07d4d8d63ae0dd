/** Quantities of a trace that can be compared: one dimension, no circles. Pure. */
import type { TraceLink } from "../api/types";

export interface Flow {
  from: string;
  to: string;
  /** 0 where no quantity is known that can be compared. */
  value: number;
  links: number[];
}

export interface Flows {
  unit: "g" | "L" | string;
  flows: Flow[];
  without: number;
  loops: number;
}

const MASS: Readonly<Record<string, number>> = {
  g: 1,
  克: 1,
  kg: 1000,
  公斤: 1000,
  千克: 1000,
  mg: 0.001,
  毫克: 0.001,
  斤: 500,
  市斤: 500,
  两: 50,
  吨: 1e6,
  t: 1e6,
};
const VOLUME: Readonly<Record<string, number>> = { l: 1, L: 1, 升: 1, 公升: 1, ml: 0.001, 毫升: 0.001 };

/** Grams or litres where the unit is known; else the unit as it came, compared with its like only. */
export function measured(value: number, unit: string | null): { unit: string; value: number } {
  const key = (unit ?? "").trim();
  const grams = MASS[key] ?? MASS[key.toLowerCase()];
  if (grams !== undefined) return { unit: "g", value: value * grams };
  const litres = VOLUME[key] ?? VOLUME[key.toLowerCase()];
  if (litres !== undefined) return { unit: "L", value: value * litres };
  return { unit: key, value };
}

/** The flows in the dimension that most links have, and the others as 0. Of a circle the link that closes it is left out. */
export function flowsOf(links: readonly TraceLink[]): Flows {
  const known = links.flatMap((link, at) =>
    link.quantity !== null && link.quantity > 0 ? [{ link, at, ...measured(link.quantity, link.unit) }] : [],
  );
  const counts = new Map<string, number>();
  for (const one of known) counts.set(one.unit, (counts.get(one.unit) ?? 0) + 1);
  const unit =
    [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1))[0]?.[0] ?? "";
  const pairs = new Map<string, Flow>();
  for (const { link, at, value } of known.filter((one) => one.unit === unit)) {
    const key = `${link.from}\n${link.to}`;
    const flow = pairs.get(key) ?? { from: link.from, to: link.to, value: 0, links: [] };
    pairs.set(key, { ...flow, value: flow.value + value, links: [...flow.links, at] });
  }
  const without = pairs.size === 0 ? [] : links.filter(({ from, to }) => !pairs.has(`${from}\n${to}`));
  for (const link of without) {
    const key = `${link.from}\n${link.to}`;
    const flow = pairs.get(key) ?? { from: link.from, to: link.to, value: 0, links: [] };
    pairs.set(key, { ...flow, links: [...flow.links, links.indexOf(link)] });
  }
  const kept: Flow[] = [];
  let loops = 0;
  for (const flow of pairs.values()) {
    if (reaches(kept, flow.to, flow.from)) loops += flow.links.length;
    else kept.push(flow);
  }
  const measuredOnes = [...pairs.values()].filter((flow) => flow.value > 0);
  const counted = measuredOnes.reduce((sum, flow) => sum + flow.links.length, 0);
  return { unit, flows: kept, without: links.length - counted, loops };
}

function reaches(flows: readonly Flow[], from: string, to: string): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    for (const flow of flows)
      if (flow.from === at && !seen.has(flow.to)) {
        seen.add(flow.to);
        open.push(flow.to);
      }
  }
  return false;
}

/** Grams by the thousand as kilograms, millilitres of less than a litre: as people say it. */
export function readable(value: number, unit: string): [number, string] {
  if (unit === "g" && value >= 1000) return [value / 1000, "kg"];
  if (unit === "L" && value < 1) return [value * 1000, "ml"];
  return [value, unit];
}

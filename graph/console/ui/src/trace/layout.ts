/** Where everything of a trace stands, from the tiers that the server laid out. Pure. */
import type { Traced, TraceLink } from "../api/types";

export interface Spot {
  id: string;
  x: number;
  y: number;
}

export interface Line {
  link: TraceLink;
  at: number;
  path: string;
  /** Where its label wants to be, moved apart from others. */
  x: number;
  y: number;
}

export interface Picture {
  width: number;
  height: number;
  /** By how much it is drawn smaller than it is laid out. */
  scale: number;
  /** Of the circles; smaller where a tier is crowded, so that names keep clear of the next one. */
  radius: number;
  columns: number[];
  spots: Map<string, Spot>;
  lines: Line[];
}

export const HEAD = 34;
const ROW = 52;
const MARGIN = 54;
const PITCH = 172;
const WIDEST = 400;
const SMALLEST = 0.84;
const ROOMY = 62;
export const LABEL_HEIGHT = 36;

/** The picture for a frame of this size; where there is more than fits it is drawn smaller, then it grows beyond. */
export function compose(traced: Traced, wide: number, high: number): Picture {
  const tiers = traced.tiers;
  const gaps = Math.max(0, tiers.length - 1);
  const most = Math.max(1, ...tiers.map((tier) => tier.length));
  const [across, down] = [2 * MARGIN + gaps * PITCH, HEAD + most * ROW + 16];
  const scale = Math.max(SMALLEST, Math.min(1, wide / across, high / down));
  const [width, height] = [Math.max(across, wide / scale), Math.max(down, high / scale)];
  const pitch = gaps === 0 ? 0 : Math.min(WIDEST, (width - 2 * MARGIN) / gaps);
  const left = (width - pitch * gaps) / 2;
  const radius = (height - HEAD) / most < ROOMY ? 13 : 17;
  const columns = tiers.map((_, tier) => left + tier * pitch);
  const spots = new Map<string, Spot>();
  tiers.forEach((ids, tier) => {
    const room = (height - HEAD - 12) / ids.length;
    ids.forEach((id, place) =>
      spots.set(id, { id, x: columns[tier] ?? left, y: HEAD + room * (place + 0.5) - 8 }),
    );
  });
  return {
    width,
    height,
    scale,
    radius,
    columns,
    spots,
    lines: apart(lines(traced.links, spots, columns, radius)),
  };
}

function lines(
  links: readonly TraceLink[],
  spots: ReadonlyMap<string, Spot>,
  columns: readonly number[],
  radius: number,
): Line[] {
  const into = count(links.map((link) => link.to));
  const out = count(links.map((link) => link.from));
  const drawn: Line[] = [];
  const between = new Map<string, number>();
  links.forEach((link, at) => {
    const from = spots.get(link.from);
    const to = spots.get(link.to);
    if (!from || !to) return;
    const key = `${link.from}\n${link.to}`;
    const twin = between.get(key) ?? 0;
    between.set(key, twin + 1);
    const meets = (into.get(link.to) ?? 0) - (out.get(link.from) ?? 0);
    drawn.push({ link, at, ...curve(from, to, shareOf(from, to, columns, meets), twin * 26, radius) });
  });
  return drawn;
}

function count(ids: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const id of ids) found.set(id, (found.get(id) ?? 0) + 1);
  return found;
}

/** In the middle of a gap between tiers, where no node stands; of several gaps the one where fewer links meet. */
function shareOf(from: Spot, to: Spot, columns: readonly number[], meets: number): number {
  const gaps = columns.slice(1).map((x, at) => (x + (columns[at] ?? x)) / 2);
  const shares = gaps.map((x) => (x - from.x) / (to.x - from.x)).filter((share) => share > 0 && share < 1);
  shares.sort((one, other) => one - other);
  return (meets > 0 ? shares[0] : meets < 0 ? shares.at(-1) : shares[shares.length >> 1]) ?? 0.5;
}

/** A bend from one to the other; parallel links bow apart by `bow`. Its label stands at `share` of the way. */
function curve(
  from: Spot,
  to: Spot,
  share: number,
  bow: number,
  radius: number,
): { path: string; x: number; y: number } {
  if (from.x === to.x) {
    // Within a tier, in a circle: out and back at the right.
    const out = from.x + 70 + bow;
    const path = `M${from.x + radius} ${from.y}C${out} ${from.y} ${out} ${to.y} ${to.x + radius + 4} ${to.y}`;
    return { path, x: from.x + 62 + bow, y: (from.y + to.y) / 2 };
  }
  const way = to.x > from.x ? 1 : -1;
  const [x1, x2] = [from.x + way * radius, to.x - way * (radius + 5)];
  const bend = (x2 - x1) * 0.42;
  const path = `M${x1} ${from.y}C${x1 + bend} ${from.y + bow} ${x2 - bend} ${to.y + bow} ${x2} ${to.y}`;
  const eased = share * share * (3 - 2 * share);
  return { path, x: x1 + (x2 - x1) * share, y: from.y + (to.y - from.y) * eased + bow * 0.75 };
}

/** Moves labels of one gap between tiers apart, down and then back by half of it, so that none drifts far. */
function apart(drawn: Line[]): Line[] {
  const gaps = new Map<number, Line[]>();
  for (const line of drawn) {
    const gap = Math.round(line.x / 120);
    gaps.set(gap, [...(gaps.get(gap) ?? []), line]);
  }
  for (const gap of gaps.values()) {
    gap.sort((one, other) => one.y - other.y || one.at - other.at);
    spread(gap);
  }
  return drawn;
}

/** Labels in clusters: each cluster is spaced evenly around the mean of where its labels wanted to be. */
function spread(gap: Line[]): void {
  const clusters: { lines: Line[]; middle: number }[] = [];
  for (const line of gap) {
    clusters.push({ lines: [line], middle: line.y });
    for (;;) {
      const last = clusters.at(-1);
      const before = clusters.at(-2);
      if (!last || !before) break;
      const room = ((last.lines.length + before.lines.length) / 2) * LABEL_HEIGHT;
      if (last.middle - before.middle >= room) break;
      const lines = [...before.lines, ...last.lines];
      const middle = (before.middle * before.lines.length + last.middle * last.lines.length) / lines.length;
      clusters.splice(-2, 2, { lines, middle });
    }
  }
  for (const { lines, middle } of clusters) {
    lines.forEach((line, at) => {
      line.y = middle + (at - (lines.length - 1) / 2) * LABEL_HEIGHT;
    });
  }
}

/** The ids that a chain passes, and its links. */
export function ofChain(
  traced: Traced,
  chain: number | null,
): { nodes: Set<string>; links: Set<number> } | null {
  if (chain === null) return null;
  const nodes = new Set<string>();
  const links = new Set<number>();
  traced.links.forEach((link, at) => {
    if (!link.chains.includes(chain)) return;
    links.add(at);
    nodes.add(link.from).add(link.to);
  });
  return { nodes, links };
}

/** The link that draws a hop of a chain. */
export function linkOfHop(traced: Traced, chain: number, hop: number): number {
  const wanted = traced.trace.chains[chain]?.hops[hop];
  if (!wanted) return -1;
  const fits = (link: TraceLink) =>
    link.from === wanted.from.id && link.to === wanted.to.id && link.chains.includes(chain);
  const same = traced.links.findIndex((link) => fits(link) && link.kind === wanted.kind);
  return same >= 0 ? same : traced.links.findIndex(fits);
}

/** The first of these texts, told in parts, that is no wider than the room; else the last. `size` is the font's. */
export function fitting(texts: readonly (readonly string[])[], room: number, size: number): string {
  const joined = texts.map((parts) => parts.filter(Boolean).join(" · "));
  const wide = (text: string) =>
    Array.from(text).reduce((sum, letter) => sum + (letter > "\u2e7f" ? size : size * 0.56), 0);
  return joined.find((text) => wide(text) <= room) ?? joined.at(-1) ?? "";
}

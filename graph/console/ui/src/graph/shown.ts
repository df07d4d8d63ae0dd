/** What of a drawing is visible through filters and groups. Pure. */
import type { Link } from "../api/types";
import { type Rest, rests } from "./hubs";
import type { Drawing, Spot } from "./model";

export interface Filter {
  types: ReadonlySet<string>;
  links: ReadonlySet<string>;
  /** Moments in milliseconds, both ends included; `null` shows all times. */
  time: { from: number; to: number } | null;
  undated: boolean;
}

export const NO_FILTER: Filter = { types: new Set(), links: new Set(), time: null, undated: true };

export interface ShownNode extends Spot {
  id: string;
  type: string;
  label: string;
  records: number;
  pinned: boolean;
  /** How many a group holds; 0 of what is none. */
  holds: number;
  /** How many neighbours of `hub` it stands for that are not drawn; 0 of what is drawn itself. */
  more: number;
  hub: string | null;
}

export interface ShownLink {
  id: string;
  type: string;
  from: string;
  to: string;
  records: number;
  edges: string[];
  earliest: string | null;
  latest: string | null;
  confidence: number;
}

export interface Shown {
  nodes: ShownNode[];
  links: ShownLink[];
}

/** Whether a link may have happened within the time; an open beginning reaches back without end. */
export function within(link: { earliest: string | null; latest: string | null }, filter: Filter): boolean {
  if (filter.time === null) return true;
  const from = link.earliest === null ? NaN : Date.parse(link.earliest);
  const to = link.latest === null ? NaN : Date.parse(link.latest);
  if (Number.isNaN(from) && Number.isNaN(to)) return filter.undated;
  const begins = Number.isNaN(from) ? -Infinity : from;
  const ends = Number.isNaN(to) ? from : to;
  return begins <= filter.time.to && ends >= filter.time.from;
}

/** What a rest is called. */
export type Called = (rest: Rest) => string;

export function show(drawing: Drawing, filter: Filter, called: Called = (rest) => `+${rest.count}`): Shown {
  const stands = new Map<string, string>();
  const nodes: ShownNode[] = [];
  const holds = new Map<string, { count: number; records: number }>();
  for (const dot of Object.values(drawing.dots)) {
    if (dot.hidden || dot.absent || filter.types.has(dot.type)) continue;
    if (dot.group !== null && drawing.groups[dot.group]) {
      stands.set(dot.id, dot.group);
      const held = holds.get(dot.group) ?? { count: 0, records: 0 };
      holds.set(dot.group, { count: held.count + 1, records: held.records + dot.records });
      continue;
    }
    stands.set(dot.id, dot.id);
    nodes.push({
      id: dot.id,
      type: dot.type,
      label: dot.label,
      records: dot.records,
      pinned: dot.pinned,
      holds: 0,
      more: 0,
      hub: null,
      x: dot.x,
      y: dot.y,
    });
  }
  for (const [id, held] of holds) {
    const group = drawing.groups[id];
    if (group)
      nodes.push({
        id,
        type: "group",
        label: group.label,
        records: held.records,
        pinned: false,
        holds: held.count,
        more: 0,
        hub: null,
        x: group.x,
        y: group.y,
      });
  }
  const beyond = rests(drawing).filter((rest) => !filter.types.has(rest.type) && stands.has(rest.hub));
  return {
    nodes: [...nodes, ...beyond.map((rest) => restNode(rest, called(rest)))],
    links: [...showLinks(Object.values(drawing.links), stands, filter), ...beyond.map(restLink)],
  };
}

const restNode = (rest: Rest, label: string): ShownNode => ({
  id: rest.id,
  type: rest.type,
  label,
  records: 0,
  pinned: false,
  holds: 0,
  more: rest.count,
  hub: rest.hub,
  x: rest.x,
  y: rest.y,
});

const restLink = (rest: Rest): ShownLink => ({
  id: `${rest.id}:link`,
  type: "more",
  from: rest.hub,
  to: rest.id,
  records: 0,
  edges: [],
  earliest: null,
  latest: null,
  confidence: 0,
});

function showLinks(links: readonly Link[], stands: ReadonlyMap<string, string>, filter: Filter): ShownLink[] {
  const shown = new Map<string, ShownLink>();
  for (const link of links) {
    const from = stands.get(link.from);
    const to = stands.get(link.to);
    if (from === undefined || to === undefined || from === to) continue;
    if (filter.links.has(link.type) || !within(link, filter)) continue;
    const plain = from === link.from && to === link.to;
    const id = plain ? link.id : `${link.type}:${from}:${to}`;
    const known = shown.get(id);
    shown.set(id, {
      id,
      type: link.type,
      from,
      to,
      records: (known?.records ?? 0) + link.records.length,
      edges: [...(known?.edges ?? []), ...link.edges],
      earliest: earlier(known?.earliest, link.earliest),
      latest: later(known?.latest, link.latest),
      confidence: Math.max(known?.confidence ?? 0, link.confidence),
    });
  }
  return [...shown.values()];
}

const earlier = (one: string | null | undefined, other: string | null): string | null =>
  !one ? other : !other ? one : Date.parse(one) <= Date.parse(other) ? one : other;
const later = (one: string | null | undefined, other: string | null): string | null =>
  !one ? other : !other ? one : Date.parse(one) >= Date.parse(other) ? one : other;

export interface Histogram {
  from: number;
  to: number;
  bars: number[];
  undated: number;
}

/** How many links may have happened in each stretch of time; each counts once, at its latest moment. */
export function histogram(
  links: readonly { earliest: string | null; latest: string | null }[],
  bars = 60,
): Histogram | null {
  const moments = links.map((link) => Date.parse(link.latest ?? link.earliest ?? ""));
  const dated = moments.filter((moment) => !Number.isNaN(moment));
  const begins = links
    .map((link) => Date.parse(link.earliest ?? ""))
    .filter((moment) => !Number.isNaN(moment));
  if (dated.length === 0) return null;
  const DAY = 86_400_000;
  const from = Math.floor(Math.min(...dated, ...begins) / DAY) * DAY;
  const to = Math.max(from + DAY, Math.ceil(Math.max(...dated) / DAY) * DAY);
  const heights = new Array<number>(bars).fill(0);
  for (const moment of dated) {
    const at = Math.min(bars - 1, Math.floor(((moment - from) / (to - from)) * bars));
    heights[at] = (heights[at] ?? 0) + 1;
  }
  return { from, to, bars: heights, undated: moments.length - dated.length };
}

/** Which types are there, most frequent first. */
export function counted(types: Iterable<string>): [string, number][] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
}

/** What is drawn, and how it came to be: a pure reducer with a history. Selection and filters are not part of it. */
import type { Around, Drawn, Link, Node } from "../api/types";
import { counted, hideRests, type Hub, kept, moveRests, recounted, showRests } from "./hubs";

export interface Spot {
  x: number;
  y: number;
}

export interface Dot extends Node, Spot {
  pinned: boolean;
  hidden: boolean;
  group: string | null;
  /** Not known at the moment that is looked at: kept for other moments, and not drawn. */
  absent: boolean;
}

export interface Group extends Spot {
  id: string;
  label: string;
}

export interface Drawing {
  dots: Readonly<Record<string, Dot>>;
  links: Readonly<Record<string, Link>>;
  groups: Readonly<Record<string, Group>>;
  hubs: Readonly<Record<string, Hub>>;
  /** The day at whose end all this was known; `null` when it is known now. */
  asOf: string | null;
}

export type Deed =
  | {
      do: "add";
      nodes: readonly Node[];
      links: readonly Link[];
      spots: Readonly<Record<string, Spot>>;
      around?: Readonly<Record<string, Around>>;
    }
  | { do: "remove"; ids: readonly string[] }
  | { do: "hide"; ids: readonly string[] }
  | { do: "unhide" }
  | { do: "pin"; ids: readonly string[]; pinned: boolean }
  | { do: "move"; spots: Readonly<Record<string, Spot>> }
  | { do: "group"; id: string; label: string; ids: readonly string[] }
  | { do: "ungroup"; id: string }
  | { do: "moment"; asOf: string | null; ids: readonly string[]; told: Drawn }
  | { do: "load"; drawing: Drawing }
  | { do: "clear" };

export type Step =
  Deed | { do: "undo" } | { do: "redo" } | { do: "refresh"; ids: readonly string[]; told: Drawn };

export interface History {
  past: readonly Drawing[];
  now: Drawing;
  future: readonly Drawing[];
}

export const EMPTY: Drawing = { dots: {}, links: {}, groups: {}, hubs: {}, asOf: null };
export const START: History = { past: [], now: EMPTY, future: [] };

/** So many steps can be taken back. */
export const MOST_PAST = 100;

/** Undo and redo walk the history; every deed that changes something opens a new future. */
export function reduce(history: History, step: Step): History {
  const { past, now, future } = history;
  if (step.do === "undo") {
    const before = past.at(-1);
    return before ? { past: past.slice(0, -1), now: before, future: [now, ...future] } : history;
  }
  if (step.do === "redo") {
    const [next, ...rest] = future;
    return next ? { past: [...past, now], now: next, future: rest } : history;
  }
  // What the server now says is no deed of the person: nothing to take back.
  if (step.do === "refresh") return { ...history, now: renew(now, step.ids, step.told) };
  const next = draw(now, step);
  return next === now ? history : { past: [...past.slice(1 - MOST_PAST), now], now: next, future: [] };
}

function draw(now: Drawing, deed: Deed): Drawing {
  switch (deed.do) {
    case "add":
      return counted(add(now, deed.nodes, deed.links, deed.spots), deed.around ?? {}, deed.spots);
    case "remove":
      return hideRests(remove(now, new Set(deed.ids)), deed.ids);
    case "hide":
      return hideRests(
        change(now, deed.ids, (dot) => (dot.hidden ? dot : { ...dot, hidden: true })),
        deed.ids,
      );
    case "unhide":
      return showRests(
        change(now, Object.keys(now.dots), (dot) => (dot.hidden ? { ...dot, hidden: false } : dot)),
      );
    case "pin":
      return change(now, deed.ids, (dot) =>
        dot.pinned === deed.pinned ? dot : { ...dot, pinned: deed.pinned },
      );
    case "move":
      return moveRests(move(now, deed.spots), deed.spots);
    case "group":
      return group(now, deed.id, deed.label, deed.ids);
    case "ungroup":
      return ungroup(now, deed.id);
    case "moment":
      return deed.asOf === now.asOf ? now : renew({ ...now, asOf: deed.asOf }, deed.ids, deed.told);
    case "load":
      return deed.drawing;
    case "clear":
      return Object.keys(now.dots).length === 0 ? now : { ...EMPTY, asOf: now.asOf };
  }
}

function add(
  now: Drawing,
  nodes: readonly Node[],
  links: readonly Link[],
  spots: Readonly<Record<string, Spot>>,
): Drawing {
  const dots: Record<string, Dot> = { ...now.dots };
  let changed = false;
  for (const node of nodes) {
    const known = dots[node.id];
    if (known) {
      // Asked for again: it comes out of hiding and takes the newer label and count.
      const label = node.label || known.label;
      const records = Math.max(node.records, 0) || known.records;
      const same = known.label === label && known.records === records;
      if (same && !known.hidden && !known.absent) continue;
      dots[node.id] = { ...known, label, records, hidden: false, absent: false };
    } else {
      const spot = spots[node.id] ?? { x: 0, y: 0 };
      dots[node.id] = { ...node, ...spot, pinned: false, hidden: false, group: null, absent: false };
    }
    changed = true;
  }
  const base = changed ? { ...now, dots } : now;
  return withLinks(base, links);
}

function withLinks(now: Drawing, links: readonly Link[]): Drawing {
  const fitting = links.filter((link) => now.dots[link.from] && now.dots[link.to]);
  const fresh = fitting.filter((link) => !same(now.links[link.id], link));
  if (fresh.length === 0) return now;
  return { ...now, links: { ...now.links, ...Object.fromEntries(fresh.map((link) => [link.id, link])) } };
}

/**
 * The drawing as things are by now, or at its earlier moment: what has become one is one dot, what is gone is
 * gone (what was not known then only out of sight), links are those told. What was drawn after these `ids` had been
 * asked for stays as it is.
 */
export function renew(now: Drawing, ids: readonly string[], told: Drawn): Drawing {
  const asked = new Set(ids);
  const nodes = new Map(told.nodes.map((node) => [node.id, node]));
  const dots: Record<string, Dot> = {};
  for (const dot of Object.values(now.dots)) {
    const node = asked.has(dot.id) ? nodes.get(told.now[dot.id] ?? "") : dot;
    // Of two that have become one, the one that kept its name stays where it was.
    if (node && (!dots[node.id] || node.id === dot.id)) dots[node.id] = { ...dot, ...node, absent: false };
    if (!node && now.asOf !== null) dots[dot.id] = { ...dot, absent: true };
  }
  const links = [
    ...Object.values(now.links).filter((link) => !asked.has(link.from) || !asked.has(link.to)),
    ...told.links,
  ].filter((link) => dots[link.from] && dots[link.to]);
  const hubs = kept(recounted(now.hubs, asked, told), dots);
  return tidy({ ...now, dots, links: Object.fromEntries(links.map((link) => [link.id, link])), hubs });
}

const same = (one: Link | undefined, other: Link): boolean =>
  one !== undefined &&
  one.edges.length === other.edges.length &&
  one.edges.every((edge, at) => edge === other.edges[at]);

function remove(now: Drawing, ids: ReadonlySet<string>): Drawing {
  const gone = new Set(
    Object.values(now.dots)
      .filter((dot) => ids.has(dot.id) || (dot.group !== null && ids.has(dot.group)))
      .map((dot) => dot.id),
  );
  if (gone.size === 0) return now;
  const dots = Object.fromEntries(Object.entries(now.dots).filter(([id]) => !gone.has(id)));
  const links = Object.fromEntries(
    Object.entries(now.links).filter(([, link]) => !gone.has(link.from) && !gone.has(link.to)),
  );
  return tidy({ ...now, dots, links, hubs: kept(now.hubs, dots) });
}

/** Without groups that hold fewer than two. */
function tidy(now: Drawing): Drawing {
  const held = new Map<string, number>();
  for (const dot of Object.values(now.dots))
    if (dot.group) held.set(dot.group, (held.get(dot.group) ?? 0) + 1);
  const few = Object.keys(now.groups).filter((id) => (held.get(id) ?? 0) < 2);
  return few.reduce((drawing, id) => ungroup(drawing, id), now);
}

function change(now: Drawing, ids: readonly string[], how: (dot: Dot) => Dot): Drawing {
  const wanted = new Set(ids);
  let changed = false;
  const dots: Record<string, Dot> = {};
  for (const [id, dot] of Object.entries(now.dots)) {
    const next = wanted.has(id) || (dot.group !== null && wanted.has(dot.group)) ? how(dot) : dot;
    changed ||= next !== dot;
    dots[id] = next;
  }
  return changed ? { ...now, dots } : now;
}

function move(now: Drawing, spots: Readonly<Record<string, Spot>>): Drawing {
  const moved = change(now, Object.keys(spots), (dot) => {
    const spot = spots[dot.id];
    return spot && (spot.x !== dot.x || spot.y !== dot.y) ? { ...dot, x: spot.x, y: spot.y } : dot;
  });
  const groups = Object.values(now.groups).filter((each) => spots[each.id]);
  if (groups.length === 0) return moved;
  return {
    ...moved,
    groups: {
      ...moved.groups,
      ...Object.fromEntries(groups.map((each) => [each.id, { ...each, ...spots[each.id] }])),
    },
  };
}

function group(now: Drawing, id: string, label: string, ids: readonly string[]): Drawing {
  const members = ids.flatMap((each) => {
    const dot = now.dots[each];
    return dot ? [dot] : Object.values(now.dots).filter((one) => one.group === each);
  });
  if (members.length < 2) return now;
  const middle = {
    x: members.reduce((sum, dot) => sum + dot.x, 0) / members.length,
    y: members.reduce((sum, dot) => sum + dot.y, 0) / members.length,
  };
  const held = change(
    now,
    members.map((dot) => dot.id),
    (dot) => ({ ...dot, group: id }),
  );
  return tidy({ ...held, groups: { ...held.groups, [id]: { id, label, ...middle } } });
}

function ungroup(now: Drawing, id: string): Drawing {
  if (!now.groups[id]) return now;
  const freed = change(now, Object.keys(now.dots), (dot) =>
    dot.group === id ? { ...dot, group: null } : dot,
  );
  const groups = Object.fromEntries(Object.entries(freed.groups).filter(([key]) => key !== id));
  return { ...freed, groups };
}

export const DEFAULT_MOST = 800;
export const MOST = 3000;

/** How many more may be drawn. */
export const room = (now: Drawing, allowed: number): number =>
  Math.max(0, Math.min(MOST, Math.max(allowed, DEFAULT_MOST)) - Object.keys(now.dots).length);

/** What fits of these, in their order, and whose neighbours are not all drawn then: who is linked to the others. */
export function fitting(
  now: Drawing,
  fresh: readonly Node[],
  links: readonly Link[],
  most: number,
): { kept: readonly Node[]; hubs: string[] } {
  if (fresh.length <= most) return { kept: fresh, hubs: [] };
  const kept = fresh.slice(0, most);
  const cut = new Set(fresh.slice(most).map((node) => node.id));
  const drawn = new Set([...Object.keys(now.dots), ...kept.map((node) => node.id)]);
  const hubs = new Map<string, number>();
  for (const { from, to } of links)
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      if (drawn.has(one) && cut.has(other)) hubs.set(one, (hubs.get(one) ?? 0) + 1);
  return { kept, hubs: [...hubs].sort((one, other) => other[1] - one[1]).map(([id]) => id) };
}

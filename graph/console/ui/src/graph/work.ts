/** What a person does with the graph that needs the server: add, expand, find a path, look back, renew. */
import { call, part, read } from "../api/client";
import type { Around, Drawn, Link, Neighbours, Node, Way } from "../api/types";
import { endOf } from "../format";
import { tell } from "../parts/tell";
import { store } from "../state/store";
import { say } from "../words";
import { left, restId, restOf, rests } from "./hubs";
import {
  DEFAULT_MOST,
  type Drawing,
  fitting,
  type History,
  MOST,
  reduce,
  room,
  START,
  type Spot,
  type Step,
} from "./model";
import { around, radial, rows } from "./places";
import { type Filter, NO_FILTER, show } from "./shown";

export const history = store<History>(START);
export const filter = store<Filter>(NO_FILTER);
export const chosen = store<ReadonlySet<string>>(new Set());
export const chosenLink = store<string | null>(null);
/** So many nodes this person agreed to see. */
export const allowed = store<number>(DEFAULT_MOST);
/** Where the canvas was looking when it was left. */
export const view = store<{ zoom: number; pan: Spot } | null>(null);
/** What came last, for the canvas to bring into sight. */
export const arrived = store<readonly string[]>([]);
export const marked = store<ReadonlySet<string>>(new Set());

export type Question =
  { kind: "ask"; node: Node; links: Record<string, number> } | { kind: "cap"; total: number; go: () => void };
export const question = store<Question | null>(null);

export const NEIGHBOURS = 100;
/** So many neighbours the server gives at once. */
export const MORE = 500;
const PATH_HOPS = 4;
/** So many hubs the server counts at once. */
const MOST_HUBS = 100;

export function step(next: Step): void {
  history.change((now) => reduce(now, next));
}

export const drawing = () => history.get().now;
export const shownNow = () => show(drawing(), filter.get());

/** The moment of the drawing as the server takes it. */
export const asOf = (of: string | null = drawing().asOf): string | null => (of === null ? null : endOf(of));

export function choose(ids: Iterable<string>): void {
  chosen.set(new Set(ids));
  chosenLink.set(null);
}

/** Everything of these ids as it is at a moment, all links among them, and how many there are around hubs. */
export const drawnAt = (of: string | null, ids: readonly string[], hubs: readonly string[]): Promise<Drawn> =>
  call<Drawn>("POST", "/links", { body: { ids, hubs: hubs.slice(0, MOST_HUBS), as_of: asOf(of) } });

/** A drawing without its links, hubs not counted, as things are at its own moment. */
export const renewedBy = ({ dots, hubs, asOf: of }: Drawing): Promise<Drawn> =>
  drawnAt(of, Object.keys(dots), Object.keys(hubs));

export interface Where {
  /** What they were found at. */
  centre?: string | null;
  /** Where they stood elsewhere. */
  spots?: Readonly<Record<string, Spot>>;
  /** How many there are around some of them. */
  around?: Readonly<Record<string, Around>>;
  /** The person is asked before only a part of them is drawn. */
  whole?: boolean;
}

/**
 * Puts nodes into the drawing with all links among them: as many as there is room for. Of what is left and
 * hangs together with what is drawn it is counted how much there is.
 */
export async function addNodes(
  nodes: readonly Node[],
  links: readonly Link[],
  where: Where = {},
): Promise<void> {
  const now = drawing();
  const fresh = nodes.filter((node) => !now.dots[node.id]);
  const space = room(now, allowed.get());
  if (fresh.length > space && (where.whole || space === 0)) {
    const total = Object.keys(now.dots).length + fresh.length;
    if (!mayFill(total, () => addNodes(nodes, links, where))) return;
  }
  const { kept, hubs } = fitting(now, fresh, links, space);
  const ids = [...Object.keys(now.dots), ...kept.map((node) => node.id)];
  const told = await drawnAt(now.asOf, ids, hubs).catch((failed: unknown) => {
    // As of now what was found can be drawn by itself; of another moment nobody knows whether it was there.
    if (now.asOf !== null) throw failed;
    return null;
  });
  if (drawing().asOf !== now.asOf) return;
  const here = (some: readonly Node[]) => (now.asOf === null || told === null ? some : knownThen(some, told));
  const there = here(kept);
  const counts = { ...where.around, ...told?.around };
  step({
    do: "add",
    nodes: [...here(nodes.filter((node) => now.dots[node.id])), ...there],
    links: [...links, ...(told?.links ?? [])],
    spots: spotsFor(there, where, counts),
    around: counts,
  });
  const centre = where.centre ?? null;
  if (there.length > 0) arrived.set([...(centre === null ? [] : [centre]), ...there.map((node) => node.id)]);
  tell(report(there.length, kept.length - there.length, fresh.length - kept.length));
}

/** Whether to go on though not all fits: the person is asked for more room, as long as there is any. */
function mayFill(total: number, again: () => Promise<void>): boolean {
  if (allowed.get() >= MOST) {
    if (room(drawing(), MOST) > 0) return true;
    tell(say()("graph.full", { most: MOST }));
    return false;
  }
  const go = () => {
    allowed.set(MOST);
    void again();
  };
  question.set({ kind: "cap", total, go });
  return false;
}

/** These as they were known then; what was not is left out. */
function knownThen(nodes: readonly Node[], told: Drawn): Node[] {
  const then = new Map(told.nodes.map((node) => [node.id, node]));
  return [...new Set(nodes.map((node) => told.now[node.id] ?? ""))].flatMap((id) => then.get(id) ?? []);
}

function report(fresh: number, unknown: number, cut: number): string {
  const words = say();
  const parts = [fresh > 0 ? words("graph.added", { n: fresh }) : words("graph.added.none")];
  if (unknown > 0) parts.push(words("graph.asof.unknown", { n: unknown, at: drawing().asOf ?? "" }));
  if (cut > 0) parts.push(words("graph.cut", { n: cut }));
  return parts.join("");
}

/** Where new nodes go: as wished, below what is there; else around what they were found at, else in rows. */
function spotsFor(
  fresh: readonly Node[],
  { centre = null, spots: wished = {} }: Where,
  counts: Readonly<Record<string, Around>>,
): Record<string, Spot> {
  const { dots, groups } = drawing();
  const taken: Spot[] = [...Object.values(dots), ...rests(drawing())];
  const below = taken.length === 0 ? 0 : Math.max(...taken.map((spot) => spot.y)) + 150;
  const placed: Record<string, Spot> = {};
  for (const { id } of fresh) {
    const spot = wished[id];
    if (spot) placed[id] = { x: spot.x, y: spot.y + below };
  }
  const ids = fresh.map((node) => node.id).filter((id) => !placed[id]);
  const from = centre === null ? undefined : (dots[centre] ?? groups[centre]);
  const all = [...taken, ...Object.values(placed)];
  const found = { ...placed, ...(from ? around(from, ids, all) : rows(ids, all)) };
  for (const [hub, { types }] of Object.entries(counts)) {
    const middle = dots[hub] ?? found[hub];
    const rest = Object.keys(types).map((type) => restId(hub, type));
    if (middle) Object.assign(found, around(middle, rest, [...taken, ...Object.values(found)]));
  }
  return found;
}

/** The neighbours of a node; where there are many the person is asked which kinds. A rest is opened. */
export async function expand(id: string, kinds?: readonly string[]): Promise<void> {
  const rest = restOf(id);
  if (rest) return openRest(rest.hub, rest.type);
  const node = drawing().dots[id];
  if (!node) return step({ do: "ungroup", id });
  const found = await neighbours(id, { limit: kinds ? MORE : NEIGHBOURS, types: kinds?.join(",") });
  if (!found) return;
  if (found.ask) {
    const counts = { [id]: found.around };
    step({ do: "add", nodes: [], links: [], spots: spotsFor([], {}, counts), around: counts });
    question.set({ kind: "ask", node, links: found.around.links });
    return;
  }
  await addNodes(found.nodes, found.links, { centre: id, around: { [id]: found.around } });
}

/** Neighbours at the moment of the drawing; `null` when another is looked at by the time of the answer. */
async function neighbours(
  id: string,
  query: Record<string, string | number | undefined>,
): Promise<Neighbours | null> {
  const of = drawing().asOf;
  const found = await read<Neighbours>(`/entities/${part(id)}/neighbours`, { ...query, as_of: asOf(of) });
  return drawing().asOf === of ? found : null;
}

/** Those of one type who are not drawn, page by page until there are so many. */
export async function undrawn(hub: string, type: string, most: number): Promise<Neighbours | null> {
  const [nodes, links]: [Node[], Link[]] = [[], []];
  for (let skip = 0; ; skip += MORE) {
    const found = await neighbours(hub, { of: type, limit: MORE, skip });
    if (!found) return null;
    const { dots } = drawing();
    nodes.push(...found.nodes.filter((node) => !dots[node.id]));
    links.push(...found.links);
    if (nodes.length >= most || skip + MORE >= (found.around.types[type] ?? 0))
      return { ...found, nodes: nodes.slice(0, most), links };
  }
}

/** Draws of a rest as many as fit, at most a few hundred at once. */
export async function openRest(hub: string, type: string): Promise<void> {
  const space = room(drawing(), allowed.get());
  const total = Object.keys(drawing().dots).length + (left(drawing(), [hub])[hub]?.[type] ?? 0);
  if (space === 0 && !mayFill(total, () => openRest(hub, type))) return;
  const found = await undrawn(hub, type, Math.min(space, MORE));
  if (found) await addNodes(found.nodes, found.links, { centre: hub, around: { [hub]: found.around } });
}

/** A way between two, drawn and selected. */
export async function path(from: string, to: string): Promise<void> {
  const words = say();
  const of = drawing().asOf;
  const way = await read<Way>("/path", { from, to, max_hops: PATH_HOPS, as_of: asOf(of) });
  if (drawing().asOf !== of) return;
  if (way.nodes.length === 0) {
    tell(way.withheld ? words("graph.path.withheld") : words("graph.path.none", { n: PATH_HOPS }));
    return;
  }
  await addNodes(way.nodes, way.links, { centre: from, whole: true });
  choose(way.nodes.map((node) => node.id));
  tell(words("graph.path.found", { n: way.nodes.length - 1 }));
}

/** Reads the drawing again, after a change in the store. */
export async function refresh(): Promise<void> {
  const now = drawing();
  const ids = Object.keys(now.dots);
  if (ids.length === 0) return;
  const told = await renewedBy(now);
  if (drawing().asOf !== now.asOf) return;
  step({ do: "refresh", ids, told });
  follow(told);
  const gone = ids.filter((id) => !now.dots[id]?.absent && told.now[id] !== id).length;
  if (gone > 0) tell(say()("graph.renewed", { n: gone }));
}

const NOTHING: Drawn = { nodes: [], links: [], now: {}, around: {} };
let looks = 0;

/** Looks at the drawing as it was known at the end of a day, or (`null`) as it is known now. */
export async function lookBack(to: string | null): Promise<void> {
  looks += 1;
  const look = looks;
  const { dots, hubs } = drawing();
  const ids = Object.keys(dots);
  const told = ids.length > 0 ? await drawnAt(to, ids, Object.keys(hubs)) : NOTHING;
  if (look !== looks) return;
  step({ do: "moment", asOf: to, ids, told });
  follow(told);
  // That one looks back is said by the page as long as one does.
  if (to === null) tell(say()("graph.asof.back"));
}

/** What is selected stays so under the name that it has by now, as long as it can be seen. */
function follow(told: Drawn): void {
  const seen = new Set(shownNow().nodes.map((node) => node.id));
  chosen.change((now) => new Set([...now].map((id) => told.now[id] ?? id).filter((id) => seen.has(id))));
}

export function deed(next: Step): void {
  step(next);
  // What is no longer there cannot stay selected.
  const seen = new Set(shownNow().nodes.map((node) => node.id));
  chosen.change((now) =>
    [...now].every((id) => seen.has(id)) ? now : new Set([...now].filter((id) => seen.has(id))),
  );
}

let groups = 0;

/** One group of the selected; its id is not used again. */
export function groupChosen(): void {
  const ids = [...chosen.get()].filter((id) => !restOf(id));
  if (ids.length < 2) return;
  const taken = drawing().groups;
  do groups += 1;
  while (taken[`group:${groups}`]);
  const id = `group:${groups}`;
  deed({ do: "group", id, label: say()("graph.group.name", { n: ids.length }), ids });
  choose([id]);
}

export const needTwo = (): void => tell(say()("graph.path.need"));

/** Places for everything in circles; what is pinned stays. */
export function radialSpots(): Record<string, Spot> {
  const shown = shownNow();
  const spots = radial(
    shown.nodes.map((node) => node.id),
    shown.links,
  );
  for (const node of shown.nodes) if (node.pinned) delete spots[node.id];
  return spots;
}

/** The ids behind all that is shown, of groups those of their members; whose neighbours are not all shown. */
export function exported(): { nodes: string[]; edges: string[]; hubs: string[]; as_of: string | null } {
  const shown = shownNow();
  const dots = Object.values(drawing().dots);
  const nodes = shown.nodes
    .filter((node) => node.more === 0)
    .flatMap((node) =>
      node.holds > 0
        ? dots.filter((dot) => dot.group === node.id && !dot.hidden && !dot.absent).map((dot) => dot.id)
        : [node.id],
    );
  return {
    nodes,
    edges: [...new Set(shown.links.flatMap((link) => link.edges))],
    hubs: [...new Set(shown.nodes.flatMap((node) => node.hub ?? []))].slice(0, MOST_HUBS),
    as_of: asOf(),
  };
}

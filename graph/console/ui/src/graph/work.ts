/** What a person does with the graph that needs the server: add, expand, find a path, read again. */
import { call, part, read } from "../api/client";
import type { Drawn, Link, Neighbours, Node, Way } from "../api/types";
import { tell } from "../parts/tell";
import { store } from "../state/store";
import { say } from "../words";
import { admit, DEFAULT_MOST, type History, MOST, reduce, START, type Spot, type Step } from "./model";
import { around, radial, rows } from "./places";
import { type Filter, NO_FILTER, show } from "./shown";

export const history = store<History>(START);
export const filter = store<Filter>(NO_FILTER);
export const chosen = store<ReadonlySet<string>>(new Set());
export const chosenLink = store<string | null>(null);
/** So many nodes this person agreed to see. */
export const allowed = store<number>(DEFAULT_MOST);
/** Neighbours that were not shown, by node and kind of link. */
export const left = store<Readonly<Record<string, Record<string, number>>>>({});
/** Where the canvas was looking when it was left. */
export const view = store<{ zoom: number; pan: Spot } | null>(null);
/** What came last, for the canvas to bring into sight. */
export const arrived = store<readonly string[]>([]);
export const marked = store<ReadonlySet<string>>(new Set());

export type Question =
  { kind: "ask"; node: Node; left: Record<string, number> } | { kind: "cap"; total: number; go: () => void };
export const question = store<Question | null>(null);

export const NEIGHBOURS = 100;
const MORE = 500;
const PATH_HOPS = 4;

export function step(next: Step): void {
  history.change((now) => reduce(now, next));
}

export const drawing = () => history.get().now;
export const shownNow = () => show(drawing(), filter.get());

export function choose(ids: Iterable<string>): void {
  chosen.set(new Set(ids));
  chosenLink.set(null);
}

/** Everything of these ids as it is now, and all links among them. */
export const drawnNow = (ids: readonly string[]): Promise<Drawn> =>
  call<Drawn>("POST", "/links", { body: { ids } });

const linksAmong = async (ids: readonly string[]): Promise<readonly Link[]> =>
  ids.length < 2 ? [] : (await drawnNow(ids)).links;

/** Puts nodes into the drawing with all links among them, if there is room or the person wants more than usual. */
export async function addNodes(
  nodes: readonly Node[],
  links: readonly Link[],
  centre: string | null,
  wished: Readonly<Record<string, Spot>> = {},
): Promise<void> {
  const now = drawing();
  const fresh = nodes.filter((node) => !now.dots[node.id]);
  const ids = [...Object.keys(now.dots), ...fresh.map((node) => node.id)];
  const room = admit(ids.length, allowed.get());
  if (room === "no") return tell(say()("graph.full", { most: MOST, total: ids.length }));
  if (room === "ask") {
    const go = () => {
      allowed.set(MOST);
      void addNodes(nodes, links, centre, wished);
    };
    question.set({ kind: "cap", total: ids.length, go });
    return;
  }
  const all = await linksAmong(ids).catch(() => []);
  step({ do: "add", nodes, links: [...links, ...all], spots: spotsFor(fresh, centre, wished) });
  if (fresh.length > 0) arrived.set([...(centre === null ? [] : [centre]), ...fresh.map((node) => node.id)]);
  tell(fresh.length > 0 ? say()("graph.added", { n: fresh.length }) : say()("graph.added.none"));
}

/** Where new nodes go: as wished, below what is there; else around what they were found at, else in rows. */
function spotsFor(
  fresh: readonly Node[],
  centre: string | null,
  wished: Readonly<Record<string, Spot>>,
): Record<string, Spot> {
  const { dots, groups } = drawing();
  const taken = Object.values(dots);
  const below = taken.length === 0 ? 0 : Math.max(...taken.map((spot) => spot.y)) + 150;
  const placed: Record<string, Spot> = {};
  for (const { id } of fresh) {
    const spot = wished[id];
    if (spot) placed[id] = { x: spot.x, y: spot.y + below };
  }
  const ids = fresh.map((node) => node.id).filter((id) => !placed[id]);
  const from = centre === null ? undefined : (dots[centre] ?? groups[centre]);
  const all = [...taken, ...Object.values(placed)];
  return { ...placed, ...(from ? around(from, ids, all) : rows(ids, all)) };
}

/** The neighbours of a node; where there are many the person is asked which kinds. */
export async function expand(id: string, kinds?: readonly string[]): Promise<void> {
  const node = drawing().dots[id];
  if (!node) return step({ do: "ungroup", id });
  const found = await read<Neighbours>(`/entities/${part(id)}/neighbours`, {
    limit: kinds ? MORE : NEIGHBOURS,
    types: kinds?.join(","),
  });
  if (found.ask) {
    question.set({ kind: "ask", node, left: found.left });
    return;
  }
  left.change((now) => ({ ...now, [id]: found.left }));
  await addNodes(found.nodes, found.links, id);
}

/** A way between two, drawn and selected. */
export async function path(from: string, to: string): Promise<void> {
  const words = say();
  const way = await read<Way>("/path", { from, to, max_hops: PATH_HOPS });
  if (way.nodes.length === 0) {
    tell(way.withheld ? words("graph.path.withheld") : words("graph.path.none", { n: PATH_HOPS }));
    return;
  }
  await addNodes(way.nodes, way.links, from);
  choose(way.nodes.map((node) => node.id));
  tell(words("graph.path.found", { n: way.nodes.length - 1 }));
}

/** Reads the drawing again, after a change in the store. */
export async function refresh(): Promise<void> {
  const ids = Object.keys(drawing().dots);
  if (ids.length === 0) return;
  const told = await drawnNow(ids);
  step({ do: "refresh", ids, told });
  const { dots, groups: held } = drawing();
  chosen.change((now) => new Set([...now].map((id) => told.now[id] ?? id).filter((id) => dots[id] ?? held[id])));
  const gone = ids.filter((id) => told.now[id] !== id).length;
  if (gone > 0) tell(say()("graph.renewed", { n: gone }));
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
  const ids = [...chosen.get()];
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

/** The ids behind all that is shown, of groups those of their members. */
export function exported(): { nodes: string[]; edges: string[] } {
  const shown = shownNow();
  const dots = Object.values(drawing().dots);
  const nodes = shown.nodes.flatMap((node) =>
    node.holds > 0
      ? dots.filter((dot) => dot.group === node.id && !dot.hidden).map((dot) => dot.id)
      : [node.id],
  );
  return { nodes, edges: [...new Set(shown.links.flatMap((link) => link.edges))] };
}

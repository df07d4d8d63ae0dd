/** Where new nodes go: near what they belong to, in free room, the rest stays where it is. Pure. */
import type { Spot } from "./model";

const NEAR = 130;
const APART = 86;

/** Spots in rings around a centre, those first that are free. Rings grow until all have room. */
export function around(centre: Spot, ids: readonly string[], taken: Iterable<Spot>): Record<string, Spot> {
  const grid = new Grid(APART * 0.8);
  for (const spot of taken) grid.add(spot);
  const found: Record<string, Spot> = {};
  let left = [...ids];
  for (let ring = 1; left.length > 0; ring += 1) {
    const radius = NEAR + (ring - 1) * APART;
    const places = Math.max(6, Math.floor((2 * Math.PI * radius) / APART));
    const turn = ring % 2 === 0 ? Math.PI / places : 0;
    for (let at = 0; at < places && left.length > 0; at += 1) {
      const angle = turn + (2 * Math.PI * at) / places - Math.PI / 2;
      const spot = { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
      if (ring <= 40 && !grid.free(spot)) continue;
      const [id, ...rest] = left;
      if (id === undefined) break;
      found[id] = spot;
      grid.add(spot);
      left = rest;
    }
  }
  return found;
}

/** A first picture of several: a square, row by row, free of what is there. */
export function rows(ids: readonly string[], taken: readonly Spot[]): Record<string, Spot> {
  const across = Math.max(1, Math.ceil(Math.sqrt(ids.length * 1.6)));
  const top = taken.length === 0 ? 0 : Math.max(...taken.map((spot) => spot.y)) + 150;
  return Object.fromEntries(
    ids.map((id, at) => [id, { x: (at % across) * 120, y: top + Math.floor(at / across) * 110 }]),
  );
}

/**
 * All anew, as trees in circles: from the node with most links outwards, each beside the one that it was reached
 * from, in a sector as wide as what hangs on it.
 */
export function radial(
  ids: readonly string[],
  links: readonly { from: string; to: string }[],
): Record<string, Spot> {
  const beside = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of links) {
    beside.get(from)?.push(to);
    beside.get(to)?.push(from);
  }
  const degree = (id: string) => beside.get(id)?.length ?? 0;
  const order = [...ids].sort((one, other) => degree(other) - degree(one) || (one < other ? -1 : 1));
  const seen = new Set<string>();
  const spots: Record<string, Spot> = {};
  let left = 0;
  for (const root of order) {
    if (seen.has(root)) continue;
    const tree = treeFrom(root, beside, seen);
    const wide = place(tree, left, spots);
    left += 2 * wide + 140;
  }
  return spots;
}

interface Tree {
  rings: string[][];
  children: Map<string, string[]>;
}

/** Breadth first over all that hangs together with the root. */
function treeFrom(root: string, beside: ReadonlyMap<string, string[]>, seen: Set<string>): Tree {
  seen.add(root);
  const rings: string[][] = [[root]];
  const children = new Map<string, string[]>();
  for (let ring = rings[0] ?? []; ring.length > 0; ring = rings.at(-1) ?? []) {
    const next: string[] = [];
    for (const id of ring) {
      const found = (beside.get(id) ?? []).filter((other) => beside.has(other) && !seen.has(other));
      const fresh = [...new Set(found)];
      for (const other of fresh) seen.add(other);
      children.set(id, fresh);
      next.push(...fresh);
    }
    if (next.length === 0) break;
    rings.push(next);
  }
  return { rings, children };
}

/** Gives every node of a tree its place; answers with the outermost radius. */
function place({ rings, children }: Tree, left: number, spots: Record<string, Spot>): number {
  const leaves = new Map<string, number>();
  for (const ring of [...rings].reverse())
    for (const id of ring)
      leaves.set(
        id,
        Math.max(
          1,
          (children.get(id) ?? []).reduce((sum, child) => sum + (leaves.get(child) ?? 1), 0),
        ),
      );
  const radii = radiiOf(rings);
  const wide = radii.at(-1) ?? 0;
  const sectors = new Map<string, [number, number]>([[rings[0]?.[0] ?? "", [0, 2 * Math.PI]]]);
  rings.forEach((ring, at) => {
    for (const id of ring) {
      const [from, to] = sectors.get(id) ?? [0, 0];
      const angle = (from + to) / 2 - Math.PI / 2;
      const radius = radii[at] ?? 0;
      spots[id] = { x: left + wide + radius * Math.cos(angle), y: radius * Math.sin(angle) };
      let begin = from;
      for (const child of children.get(id) ?? []) {
        const share = ((leaves.get(child) ?? 1) / (leaves.get(id) ?? 1)) * (to - from);
        sectors.set(child, [begin, begin + share]);
        begin += share;
      }
    }
  });
  return wide;
}

function radiiOf(rings: readonly string[][]): number[] {
  const radii: number[] = [];
  for (const ring of rings) {
    const before = radii.at(-1);
    radii.push(before === undefined ? 0 : Math.max(before + 120, (ring.length * 60) / (2 * Math.PI)));
  }
  return radii;
}

/** The nearest in a direction, for arrow keys: along the way counts once, aside of it twice. */
export function nearest(
  from: Spot,
  others: readonly (Spot & { id: string })[],
  way: "left" | "right" | "up" | "down",
): string | null {
  let best: string | null = null;
  let least = Infinity;
  for (const other of others) {
    const dx = other.x - from.x;
    const dy = other.y - from.y;
    const along = way === "left" ? -dx : way === "right" ? dx : way === "up" ? -dy : dy;
    const aside = Math.abs(way === "left" || way === "right" ? dy : dx);
    if (along <= 1 || aside > along * 3) continue;
    const far = along + 2 * aside;
    if (far < least) [least, best] = [far, other.id];
  }
  return best;
}

/** From a spot to the stretch between two others. */
export function distance(spot: Spot, from: Spot, to: Spot): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const long = dx * dx + dy * dy;
  const along = long === 0 ? 0 : ((spot.x - from.x) * dx + (spot.y - from.y) * dy) / long;
  const at = Math.max(0, Math.min(1, along));
  return Math.hypot(spot.x - from.x - at * dx, spot.y - from.y - at * dy);
}

/** Answers whether a spot is free without looking at all others. */
class Grid {
  private readonly cells = new Map<string, Spot[]>();
  constructor(private readonly apart: number) {}

  private key(x: number, y: number): string {
    return `${Math.floor(x / this.apart)}:${Math.floor(y / this.apart)}`;
  }

  add(spot: Spot): void {
    const key = this.key(spot.x, spot.y);
    const cell = this.cells.get(key);
    if (cell) cell.push(spot);
    else this.cells.set(key, [spot]);
  }

  free(spot: Spot): boolean {
    for (const dx of [-1, 0, 1])
      for (const dy of [-1, 0, 1]) {
        const cell = this.cells.get(this.key(spot.x + dx * this.apart, spot.y + dy * this.apart));
        if (cell?.some((other) => Math.hypot(other.x - spot.x, other.y - spot.y) < this.apart)) return false;
      }
    return true;
  }
}

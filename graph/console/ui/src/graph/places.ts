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

/** All anew: from the node with most links outwards in circles, each beside the one it was reached from. */
export function radial(
  ids: readonly string[],
  links: readonly { from: string; to: string }[],
): Record<string, Spot> {
  const beside = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of links) {
    beside.get(from)?.push(to);
    beside.get(to)?.push(from);
  }
  const order = [...ids].sort(
    (one, other) =>
      (beside.get(other)?.length ?? 0) - (beside.get(one)?.length ?? 0) || (one < other ? -1 : 1),
  );
  const spots: Record<string, Spot> = {};
  let left = 0;
  for (const start of order) {
    if (spots[start]) continue;
    const rings = ringsFrom(start, beside, spots);
    const radii = radiiOf(rings);
    const wide = radii.at(-1) ?? 0;
    rings.forEach((ring, at) => {
      ring.forEach((id, place) => {
        const angle = (2 * Math.PI * place) / ring.length + at * 0.4;
        const radius = radii[at] ?? 0;
        spots[id] = { x: left + wide + radius * Math.cos(angle), y: radius * Math.sin(angle) };
      });
    });
    left += 2 * wide + 140;
  }
  return spots;
}

function ringsFrom(
  start: string,
  beside: ReadonlyMap<string, string[]>,
  done: Readonly<Record<string, Spot>>,
): string[][] {
  const seen = new Set([start]);
  const rings: string[][] = [[start]];
  for (;;) {
    const next: string[] = [];
    for (const id of rings.at(-1) ?? [])
      for (const other of beside.get(id) ?? [])
        if (!seen.has(other) && !done[other]) {
          seen.add(other);
          next.push(other);
        }
    if (next.length === 0) return rings;
    rings.push(next);
  }
}

function radiiOf(rings: readonly string[][]): number[] {
  const radii: number[] = [];
  for (const ring of rings) {
    const before = radii.at(-1);
    radii.push(before === undefined ? 0 : Math.max(before + 120, (ring.length * 70) / (2 * Math.PI)));
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

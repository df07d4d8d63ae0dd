/**
 * What of a hub's neighbours is not drawn: together, one dot for each type. Kept is only how many
 * neighbours the hub has; how many of them are left follows from what is drawn. Pure.
 */
import type { Around } from "../api/types";
import type { Dot, Drawing, Spot } from "./model";

/** A hub some of whose neighbours did not fit; `hidden` are types whose rest is not to be shown. */
export interface Hub {
  around: Around;
  spots: Readonly<Record<string, Spot>>;
  hidden: readonly string[];
}

/** Those of one type who are not drawn; without `whole` they are at least so many. */
export interface Rest extends Spot {
  id: string;
  hub: string;
  type: string;
  count: number;
  whole: boolean;
}

const BEGIN = "more:";
/** Where a rest stands that was given no place. */
const BESIDE = 110;

export const restId = (hub: string, type: string): string => `${BEGIN}${type}:${hub}`;

/** The hub and type of such an id; `null` of any other. */
export function restOf(id: string): { hub: string; type: string } | null {
  if (!id.startsWith(BEGIN)) return null;
  const [type = "", ...hub] = id.slice(BEGIN.length).split(":");
  return { type, hub: hub.join(":") };
}

/** Whom a hub is drawn linked to, hidden ones too, by the types of the links. */
function beside({ dots, links }: Drawing, hubs: ReadonlySet<string>): Map<string, Map<string, Set<string>>> {
  const found = new Map<string, Map<string, Set<string>>>();
  const add = (hub: string, other: string, type: string) => {
    if (!hubs.has(hub) || hub === other || dots[other]?.absent !== false) return;
    const own = found.get(hub) ?? new Map<string, Set<string>>();
    found.set(hub, own.set(other, (own.get(other) ?? new Set<string>()).add(type)));
  };
  for (const { from, to, type } of Object.values(links)) {
    add(from, to, type);
    add(to, from, type);
  }
  return found;
}

const less = (all: Readonly<Record<string, number>>, drawn: Iterable<string>): Record<string, number> => {
  const rest = { ...all };
  for (const type of drawn) rest[type] = (rest[type] ?? 0) - 1;
  return Object.fromEntries(Object.entries(rest).filter(([, count]) => count > 0));
};

/** Of each hub how many neighbours are not drawn, by their type. */
export function left(
  drawing: Drawing,
  hubs = Object.keys(drawing.hubs),
): Record<string, Record<string, number>> {
  const drawn = beside(drawing, new Set(hubs));
  return Object.fromEntries(
    hubs.map((hub) => {
      const types = [...(drawn.get(hub)?.keys() ?? [])].map((id) => drawing.dots[id]?.type ?? "");
      return [hub, less(drawing.hubs[hub]?.around.types ?? {}, types)];
    }),
  );
}

/** How many neighbours of one hub are not drawn, by types of link: who has links of two counts under both. */
export function leftByLink(drawing: Drawing, hub: string): Record<string, number> {
  const types = [...(beside(drawing, new Set([hub])).get(hub)?.values() ?? [])].flatMap((own) => [...own]);
  return less(drawing.hubs[hub]?.around.links ?? {}, types);
}

/** What is to be shown of the rest: of hubs that can be seen themselves. */
export function rests(drawing: Drawing): Rest[] {
  const seen = Object.keys(drawing.hubs).filter((id) => isSeen(drawing.dots[id]));
  return Object.entries(left(drawing, seen)).flatMap(([id, counts]) => {
    const [dot, hub] = [drawing.dots[id], drawing.hubs[id]];
    if (!dot || !hub) return [];
    return Object.entries(counts)
      .filter(([type]) => !hub.hidden.includes(type))
      .map(([type, count], at) => ({
        id: restId(id, type),
        hub: id,
        type,
        count,
        whole: hub.around.whole,
        ...(hub.spots[type] ?? { x: dot.x + BESIDE * (at + 1), y: dot.y + BESIDE }),
      }));
  });
}

const isSeen = (dot: Dot | undefined): boolean =>
  dot !== undefined && !dot.hidden && !dot.absent && dot.group === null;

/** The drawing with hubs as they were counted, where somebody is left out; those known before go on. */
export function counted(
  now: Drawing,
  around: Readonly<Record<string, Around>>,
  spots: Readonly<Record<string, Spot>>,
): Drawing {
  const hubs: Record<string, Hub> = { ...now.hubs };
  for (const [id, own] of Object.entries(around)) {
    const known = now.hubs[id];
    const given = Object.keys(own.types).flatMap((type) => {
      const spot = known?.spots[type] ?? spots[restId(id, type)];
      return spot ? [[type, spot] as const] : [];
    });
    const next = {
      around: own,
      spots: { ...known?.spots, ...Object.fromEntries(given) },
      hidden: known?.hidden ?? [],
    };
    const there = { ...now, hubs: { ...hubs, [id]: next } };
    const cut = Object.keys(left(there, [id])[id] ?? {}).length > 0;
    if (now.dots[id] && (known || cut) && !alike(known, next)) hubs[id] = next;
  }
  return Object.keys(around).every((id) => hubs[id] === now.hubs[id]) ? now : { ...now, hubs };
}

const alike = (one: Hub | undefined, other: Hub): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Hides the rests among these ids. */
export function hideRests(now: Drawing, ids: Iterable<string>): Drawing {
  const hubs: Record<string, Hub> = { ...now.hubs };
  let changed = false;
  for (const rest of [...ids].map(restOf)) {
    const hub = rest && hubs[rest.hub];
    if (!rest || !hub || hub.hidden.includes(rest.type)) continue;
    hubs[rest.hub] = { ...hub, hidden: [...hub.hidden, rest.type] };
    changed = true;
  }
  return changed ? { ...now, hubs } : now;
}

export function showRests(now: Drawing): Drawing {
  if (Object.values(now.hubs).every((hub) => hub.hidden.length === 0)) return now;
  return { ...now, hubs: mapped(now.hubs, (hub) => ({ ...hub, hidden: [] })) };
}

export function moveRests(now: Drawing, spots: Readonly<Record<string, Spot>>): Drawing {
  const hubs: Record<string, Hub> = { ...now.hubs };
  let changed = false;
  for (const [id, spot] of Object.entries(spots)) {
    const rest = restOf(id);
    const hub = rest && hubs[rest.hub];
    if (!rest || !hub) continue;
    hubs[rest.hub] = { ...hub, spots: { ...hub.spots, [rest.type]: { x: spot.x, y: spot.y } } };
    changed = true;
  }
  return changed ? { ...now, hubs } : now;
}

/** Hubs that are still drawn. */
export const kept = (hubs: Drawing["hubs"], dots: Drawing["dots"]): Drawing["hubs"] =>
  Object.fromEntries(Object.entries(hubs).filter(([id]) => dots[id]));

/** The hubs as they are told anew, under the ids that they have by now. */
export function recounted(
  hubs: Drawing["hubs"],
  asked: ReadonlySet<string>,
  told: { now: Record<string, string>; around: Record<string, Around> },
): Drawing["hubs"] {
  const next: Record<string, Hub> = {};
  for (const [id, hub] of Object.entries(hubs)) {
    const now = told.now[id];
    const around = now === undefined ? undefined : told.around[now];
    // What is not there at the moment that is looked at may be there at another.
    if (!asked.has(id) || now === undefined) next[id] = hub;
    else if (around) next[now] = { ...hub, around };
  }
  return next;
}

const mapped = (hubs: Drawing["hubs"], how: (hub: Hub) => Hub): Record<string, Hub> =>
  Object.fromEntries(Object.entries(hubs).map(([id, hub]) => [id, how(hub)]));

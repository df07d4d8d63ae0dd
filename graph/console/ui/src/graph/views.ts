/** A drawing as the body of a saved view, and back. Pure; a body comes from outside and is not trusted. */
import type { Body } from "../api/types";
import type { Hub } from "./hubs";
import type { Dot, Drawing, Group } from "./model";

const VERSION = 1;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Links are not kept, nor names, numbers of records and how many neighbours a hub has: they are read anew when the
 * view is opened, as far as the reader may see them.
 */
export function toBody(drawing: Drawing): Body {
  return {
    version: VERSION,
    nodes: Object.values(drawing.dots).map(({ id, type, x, y, pinned, hidden, group }) => ({
      id,
      type,
      x: Math.round(x),
      y: Math.round(y),
      ...(pinned ? { pinned } : {}),
      ...(hidden ? { hidden } : {}),
      ...(group ? { group } : {}),
    })),
    groups: Object.values(drawing.groups),
    hubs: Object.entries(drawing.hubs).map(([id, { spots, hidden }]) => ({ id, spots, hidden })),
    ...(drawing.asOf === null ? {} : { as_of: drawing.asOf }),
  };
}

const isText = (value: unknown): value is string => typeof value === "string" && value.length > 0;
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

function dotOf(value: unknown): Dot | null {
  if (value === null || typeof value !== "object") return null;
  const { id, type, x, y, pinned, hidden, group } = value as Record<string, unknown>;
  if (!isText(id) || !isText(type) || !isNumber(x) || !isNumber(y)) return null;
  return {
    id,
    type,
    label: "",
    x,
    y,
    records: 0,
    pinned: pinned === true,
    hidden: hidden === true,
    group: isText(group) ? group : null,
    absent: false,
  };
}

function groupOf(value: unknown): Group | null {
  if (value === null || typeof value !== "object") return null;
  const { id, label, x, y } = value as Record<string, unknown>;
  return isText(id) && typeof label === "string" && isNumber(x) && isNumber(y) ? { id, label, x, y } : null;
}

const UNCOUNTED = { types: {}, links: {}, whole: false };

function hubOf(value: unknown): [string, Hub] | null {
  if (value === null || typeof value !== "object") return null;
  const { id, spots, hidden } = value as Record<string, unknown>;
  if (!isText(id) || spots === null || typeof spots !== "object" || !Array.isArray(hidden)) return null;
  const places = Object.entries(spots).flatMap(([type, spot]) => {
    const { x, y } = (spot ?? {}) as Record<string, unknown>;
    return isNumber(x) && isNumber(y) ? [[type, { x, y }] as const] : [];
  });
  return [id, { around: UNCOUNTED, spots: Object.fromEntries(places), hidden: hidden.filter(isText) }];
}

/** The drawing without links and with hubs not counted yet; `null` when the body is not one of ours. */
export function fromBody(body: Body): Drawing | null {
  if (body.version !== VERSION || !Array.isArray(body.nodes)) return null;
  const dots = (body.nodes as unknown[]).map(dotOf);
  if (dots.some((dot) => dot === null)) return null;
  const groups = Array.isArray(body.groups)
    ? (body.groups as unknown[]).map(groupOf).filter((one) => one !== null)
    : [];
  const hubs = Array.isArray(body.hubs)
    ? (body.hubs as unknown[]).map(hubOf).filter((one) => one !== null)
    : [];
  const known = new Set(groups.map((group) => group.id));
  return {
    dots: Object.fromEntries(
      (dots as Dot[]).map((dot) => [
        dot.id,
        dot.group && !known.has(dot.group) ? { ...dot, group: null } : dot,
      ]),
    ),
    links: {},
    groups: Object.fromEntries(groups.map((group) => [group.id, group])),
    hubs: Object.fromEntries(hubs),
    asOf: isText(body.as_of) && DAY.test(body.as_of) ? body.as_of : null,
  };
}

/** A record's body put in order for reading, with what a link stands on marked. Pure. */
import type { Body, Highlight } from "../api/types";
import { plain } from "../format";

export const LISTS = [
  "relations",
  "persons",
  "organisations",
  "vehicles",
  "parcels",
  "venues",
  "lots",
  "money",
] as const;

const HEAD = [
  "occurred",
  "region",
  "unit",
  "case",
  "operation",
  "channel",
  "checkpoint",
  "direction",
  "outcome",
  "vessel",
  "tlp",
];
const SHOWN = new Set<string>([
  ...LISTS,
  ...HEAD,
  "text",
  "place",
  "kind",
  "source",
  "source_id",
  "revision",
  "reported_at",
  "grade",
  "purpose",
]);

export interface Row {
  name: string;
  value: string;
  marked: boolean;
}

export interface Group {
  list: string;
  items: { at: number; marked: boolean; rows: Row[] }[];
}

/** Whether a path of a highlight (`relations[0]`, `parcels[1].sent_at`) speaks of a place or of something in it. */
export const covers = (paths: readonly string[], place: string): boolean =>
  paths.some((path) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`));

/** The fields above the lists: what it says of itself. */
export function headRows(body: Body, highlights: readonly Highlight[]): Row[] {
  const paths = highlights.map((one) => one.path);
  const others = Object.keys(body).filter((name) => !SHOWN.has(name));
  return [...HEAD, "place", ...others]
    .map((name) => ({ name, value: said(body[name]), marked: covers(paths, name) }))
    .filter((row) => row.value !== "");
}

function said(value: unknown): string {
  if (
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    ("from" in value || "to" in value)
  ) {
    const { from, to } = value as { from?: unknown; to?: unknown };
    return `${plain(from) || "…"} — ${plain(to) || "…"}`;
  }
  // A time of a record is as its sender wrote it, to the minute or to the year.
  return plain(value).replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/, "$1 $2");
}

/** The lists of a body, refs replaced by what they name, marked items first. */
export function groups(body: Body, highlights: readonly Highlight[], unnamed: Unnamed = plainRef): Group[] {
  const paths = highlights.map((one) => one.path);
  const names = refNames(body, unnamed);
  return LISTS.flatMap((list) => {
    const items = body[list];
    if (!Array.isArray(items) || items.length === 0) return [];
    const shown = items.map((item: unknown, at) => ({
      at,
      marked: covers(paths, `${list}[${at}]`),
      rows: rowsOf(item, `${list}[${at}]`, paths, names),
    }));
    return [
      {
        list,
        items: shown.sort((one, other) => Number(other.marked) - Number(one.marked) || one.at - other.at),
      },
    ];
  });
}

const POINTS = new Set([
  "from",
  "to",
  "driver",
  "owner",
  "passengers",
  "sender",
  "recipient",
  "held_by",
  "found_in",
]);

function rowsOf(
  item: unknown,
  place: string,
  paths: readonly string[],
  names: ReadonlyMap<string, string>,
): Row[] {
  if (item === null || typeof item !== "object") return [{ name: "", value: plain(item), marked: false }];
  const named = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(named) : typeof value === "string" ? (names.get(value) ?? value) : value;
  const order = (name: string) => (FIRST.indexOf(name) + FIRST.length + 1) % (FIRST.length + 1);
  return Object.entries(withUnit(item as Body))
    .filter(([name]) => name !== "ref")
    .map(([name, value]) => ({
      name,
      value: said(POINTS.has(name) ? named(value) : value),
      marked: covers(paths, `${place}.${name}`),
    }))
    .filter((row) => row.value !== "")
    .sort((one, other) => order(one.name) - order(other.name));
}

/** How people read a thing, whatever order a sender wrote it in; what is not named here comes behind. */
const FIRST = [
  "name",
  "aliases",
  "plate",
  "tracking_no",
  "from",
  "kind",
  "to",
  "substance",
  "quantity",
  "amount",
  "currency",
  "at",
  "place",
  "sender",
  "recipient",
  "sent_at",
  "form",
  "container",
  "containers",
  "role",
  "gender",
  "birth_date",
  "id_number",
  "phones",
  "wechat",
  "bank_cards",
  "hukou",
  "address",
];

function withUnit(item: Body): Body {
  const { unit, ...rest } = item;
  if (rest.quantity === undefined || rest.quantity === null || typeof unit !== "string") return item;
  return { ...rest, quantity: `${plain(rest.quantity)} ${unit}` };
}

/** How a thing is called that its record gives no name: by its list and place there, or by its ref. */
export type Unnamed = (list: string, at: number, ref: string) => string;
const plainRef: Unnamed = (_list, _at, ref) => ref;

/** What each `ref` of a record is called there. */
export function refNames(body: Body, unnamed: Unnamed = plainRef): Map<string, string> {
  const names = new Map<string, string>();
  for (const list of LISTS) {
    const items = body[list];
    if (!Array.isArray(items)) continue;
    (items as Body[]).forEach((item, at) => {
      const ref = item?.ref;
      if (typeof ref !== "string") return;
      const name = item.name ?? item.plate ?? item.tracking_no ?? item.substance;
      names.set(ref, typeof name === "string" ? name : unnamed(list, at, ref));
    });
  }
  return names;
}

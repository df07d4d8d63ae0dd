/** Where the items of a timeline stand. Pure: no drawing. */
import type { Timeline, TimelineItem } from "../api/types";

export interface Placed {
  item: TimelineItem;
  x: number;
  width: number;
  row: number;
}

export interface Lane {
  type: string;
  rows: number;
  placed: Placed[];
}

export interface Laid {
  from: number;
  to: number;
  lanes: Lane[];
  ticks: { x: number; label: string }[];
}

const DAY = 86_400_000;
const LEAST = 7;
const GAP = 3;

/** Where an item begins; a mere upper bound has no beginning. */
const start = (item: TimelineItem): number => Date.parse(item.from ?? item.to);

/** Lanes over one axis of `width`; items that would lie on each other go to rows of their own. */
export function lay(lanes: Timeline["lanes"], width: number): Laid | null {
  const dated = lanes.flatMap((lane) => lane.items).filter((item) => !Number.isNaN(start(item)));
  if (dated.length === 0) return null;
  let from = Math.min(...dated.map(start));
  let to = Math.max(...dated.map((item) => Date.parse(item.to)));
  const room = Math.max(DAY, (to - from) * 0.03);
  from -= room;
  to += room;
  const at = (time: number) => ((time - from) / (to - from)) * width;
  return {
    from,
    to,
    lanes: lanes
      .filter((lane) => lane.items.length > 0)
      .map((lane) => ({ type: lane.type, ...rows(lane.items, at) })),
    ticks: ticks(from, to).map(({ time, label }) => ({ x: at(time), label })),
  };
}

function rows(
  items: readonly TimelineItem[],
  at: (time: number) => number,
): { rows: number; placed: Placed[] } {
  const free: number[] = [];
  const placed = [...items]
    .filter((item) => !Number.isNaN(start(item)))
    .sort((one, other) => start(one) - start(other) || Date.parse(one.to) - Date.parse(other.to))
    .map((item) => {
      const right = at(Date.parse(item.to));
      const left =
        item.precision === "bound" && item.from === null ? Math.max(0, right - 40) : at(start(item));
      const wide = Math.max(LEAST, right - left);
      const x = right - left < LEAST ? left - LEAST / 2 : left;
      let row = free.findIndex((end) => end + GAP <= x);
      if (row < 0) row = free.length;
      free[row] = x + wide;
      return { item, x, width: wide, row };
    });
  return { rows: Math.max(1, free.length), placed };
}

/** Between four and twelve ticks, at the beginnings of days, months, quarters or years in China's time. */
export function ticks(from: number, to: number): { time: number; label: string }[] {
  const china = 8 * 3_600_000;
  const months = (to - from) / (30 * DAY);
  const step = months > 120 ? 24 : months > 60 ? 12 : months > 30 ? 6 : months > 10 ? 3 : months > 3 ? 1 : 0;
  const found: { time: number; label: string }[] = [];
  if (step === 0) {
    const days = Math.max(1, Math.ceil((to - from) / DAY / 8));
    const first = Math.ceil((from + china) / DAY);
    for (let day = first; day * DAY - china <= to; day += days)
      found.push({ time: day * DAY - china, label: new Date(day * DAY).toISOString().slice(0, 10) });
    return found;
  }
  const begin = new Date(from + china);
  let month = begin.getUTCFullYear() * 12 + Math.ceil(begin.getUTCMonth() / step) * step;
  for (; ; month += step) {
    const time = Date.UTC(Math.floor(month / 12), month % 12, 1) - china;
    if (time > to) return found;
    if (time >= from)
      found.push({ time, label: `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}` });
  }
}

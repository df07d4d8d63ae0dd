/** A list of alerts that grows at its end and is renewed at its beginning. Pure. */
import type { Alert, AlertPage } from "../api/types";

/** What is known of the list from its beginning: without gaps, and behind which place there is more. */
export interface Known {
  alerts: Alert[];
  next: string | null;
}

type Placed = Pick<Alert, "id" | "raised_at">;

/** The last raised first; of one moment the greater id, as the server orders them. */
const order = (one: Placed, other: Placed): number =>
  Date.parse(other.raised_at) - Date.parse(one.raised_at) || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);

/**
 * What is known with a page that was read anew: what stands between the page's first and last alert and is not
 * in it is gone. `first`: the page is the beginning of the list, so that nothing stands before it.
 */
export function merged(known: readonly Alert[], page: AlertPage, first: boolean): Alert[] {
  const read = new Set(page.alerts.map((alert) => alert.id));
  const [begin, end] = [page.alerts[0], page.alerts.at(-1)];
  const outside = (alert: Alert) =>
    (!first && begin !== undefined && order(alert, begin) < 0) ||
    (page.next !== null && end !== undefined && order(alert, end) > 0);
  return [...known.filter((alert) => !read.has(alert.id) && outside(alert)), ...page.alerts].sort(order);
}

/**
 * What is known with its beginning read anew. Where the first page does not reach down to anything known, more may
 * have come than stand in it: then it stands alone, and `next` leads to them.
 */
export function renewed(known: Known, page: AlertPage): Known {
  const before = new Set(known.alerts.map((alert) => alert.id));
  const { alerts: fresh, next } = page;
  if (next !== null && !fresh.some((alert) => before.has(alert.id))) return { alerts: fresh, next };
  const alerts = merged(known.alerts, page, true);
  return { alerts, next: alerts.length > fresh.length ? known.next : next };
}

/**
 * What is known with the page behind `place`. When the list leads on from somewhere else by now, as it was renewed
 * meanwhile, the page would leave a gap before it.
 */
export const extended = (known: Known, place: string | null, page: AlertPage): Known =>
  known.next === place ? { alerts: merged(known.alerts, page, false), next: page.next } : known;

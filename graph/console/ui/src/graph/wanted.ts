/** What other pages ask the graph to show; it is put in when the graph is opened. */
import type { Link, Node } from "../api/types";
import type { Spot } from "./model";
import { store } from "../state/store";

export interface Wanted {
  nodes: Node[];
  links: Link[];
  /** Where they stood on the page that they come from. */
  spots: Record<string, Spot>;
}

export const wanted = store<Wanted | null>(null);

export function want(nodes: Node[], links: Link[] = [], spots: Record<string, Spot> = {}): void {
  wanted.change((now) => ({
    nodes: [...(now?.nodes ?? []), ...nodes],
    links: [...(now?.links ?? []), ...links],
    spots: { ...now?.spots, ...spots },
  }));
}

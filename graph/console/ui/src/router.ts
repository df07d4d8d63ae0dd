/** The page's own addresses. The server gives the page for all of them. */
import { store } from "./state/store";

export interface Place {
  path: string;
  query: URLSearchParams;
}

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

export const place = store<Place>(here());

export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  place.set(here());
}

/** An address with a query; empty values are left out. */
export function href(path: string, query: Record<string, string | number | null | undefined> = {}): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") parts.set(name, String(value));
  }
  const text = parts.toString();
  return text ? `${path}?${text}` : path;
}

export const entityHref = (id: string): string => `/entity/${encodeURIComponent(id)}`;
export const recordHref = (name: string): string => `/record/${encodeURIComponent(name)}`;

/** One part of a path, decoded; a broken escape is taken as it stands. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Follows the browser's buttons and plain clicks on links inside the page. */
export function startRouter(): void {
  window.addEventListener("popstate", () => place.set(here()));
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement)) return;
    const to = link.getAttribute("href") ?? "";
    if (!to.startsWith("/") || to.startsWith("//") || to.startsWith("/api/")) return;
    if (link.target || link.hasAttribute("download")) return;
    event.preventDefault();
    go(to);
  });
}

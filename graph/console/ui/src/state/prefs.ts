/** What a person chose for this browser: language, theme, single-key shortcuts. */
import { store } from "./store";

export type Lang = "zh" | "en";
export type Theme = "system" | "light" | "dark";

export interface Prefs {
  lang: Lang;
  theme: Theme;
  keys: boolean;
}

const KEPT = "suyuan.prefs";
const FIRST: Prefs = { lang: "zh", theme: "system", keys: true };

export const prefs = store<Prefs>(FIRST);

/** Storage may be switched off or full; the page works without it. */
export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing is lost but the memory of it.
  }
}

export function recall<T>(key: string): T | null {
  try {
    const kept = localStorage.getItem(key);
    return kept === null ? null : (JSON.parse(kept) as T);
  } catch {
    return null;
  }
}

export function choose(some: Partial<Prefs>): void {
  prefs.change((now) => ({ ...now, ...some }));
  remember(KEPT, prefs.get());
}

/** Reads what was chosen before and keeps the document's language and theme in step with it. */
export function startPrefs(): void {
  const kept = recall<Partial<Prefs>>(KEPT) ?? {};
  prefs.set({
    lang: kept.lang === "en" ? "en" : "zh",
    theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "system",
    keys: kept.keys !== false,
  });
  const show = () => {
    const { lang, theme } = prefs.get();
    const root = document.documentElement;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    if (theme === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
  };
  prefs.watch(show);
  show();
}

/** Whether the page is dark now, by choice or by the system. */
export function isDark(): boolean {
  const { theme } = prefs.get();
  return theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

/** Calls when the page turns dark or light, by either. */
export function onDarkness(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", listener);
  const stop = prefs.watch(listener);
  return () => {
    system.removeEventListener("change", listener);
    stop();
  };
}

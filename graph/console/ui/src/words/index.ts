/** Words in the chosen language. Chinese comes with the page; English is read when somebody asks for it. */
import { type Lang, prefs } from "../state/prefs";
import { store, useStore } from "../state/store";
import { SUBSTANCES } from "./substances";
import { type Key, zh } from "./zh";

export type { Key } from "./zh";
type Words = Readonly<Record<Key, string>>;

const known: Partial<Record<Lang, Words>> = { zh };
const arrived = store<number>(0);

/**
 * Fills the holes of a text: `{name}` with a value; `{n:record:records}` with the number and the word that fits it.
 * A hole without a value stays to be seen.
 */
export function fill(text: string, values?: Record<string, string | number>): string {
  if (!values) return text;
  return text.replace(
    /\{(\w+)(?::([^:}]*):([^}]*))?\}/g,
    (whole, name: string, one?: string, many?: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return one === undefined ? String(value) : `${value} ${Number(value) === 1 ? one : many}`;
    },
  );
}

/** Fetches the words of a language; until they are there the Chinese ones stand. */
export async function load(lang: Lang): Promise<void> {
  if (known[lang]) return;
  const { en } = await import("./en");
  known.en = en;
  arrived.change((count) => count + 1);
}

/** Keeps words and chosen language in step. */
export function startWords(): void {
  const follow = () => void load(prefs.get().lang);
  prefs.watch(follow);
  follow();
}

export interface Say {
  (key: Key, values?: Record<string, string | number>): string;
  /** The word for a value of a kind (`type.person`); a value without a word is shown as it is. */
  of(kind: string, value: string | null | undefined): string;
  substance(code: string | null | undefined): string;
  lang: Lang;
}

function speaker(lang: Lang): Say {
  const words = known[lang] ?? zh;
  const say = ((key, values) => fill(words[key], values)) as Say;
  say.of = (kind, value) =>
    value === null || value === undefined || value === ""
      ? words["is.unknown"]
      : ((words as Record<string, string>)[`${kind}.${value}`] ?? value);
  say.substance = (code) => {
    if (!code) return words["is.unknown"];
    return say.lang === "zh" ? (SUBSTANCES[code] ?? code) : code.replaceAll("_", " ");
  };
  // The language that is spoken, which is not the chosen one until its words are there.
  say.lang = known[lang] ? lang : "zh";
  return say;
}

/** For use outside components. */
export const say = (): Say => speaker(prefs.get().lang);

/** The words, in a component that is drawn anew when the language changes. */
export function useSay(): Say {
  const { lang } = useStore(prefs);
  useStore(arrived);
  return speaker(lang);
}

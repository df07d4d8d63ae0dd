/** Single-key shortcuts: they rest while somebody types, while a dialog is open, and when switched off. */
import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../parts/dialog";
import { choose, prefs } from "../state/prefs";
import { useStore } from "../state/store";
import { type Key, useSay } from "../words";

export const PAGES = [
  "search",
  "graph",
  "trace",
  "map",
  "alerts",
  "review",
  "cases",
  "audit",
  "users",
] as const;
export type PageName = (typeof PAGES)[number];

const AFTER_G: Readonly<Record<string, PageName>> = {
  s: "search",
  g: "graph",
  t: "trace",
  m: "map",
  a: "alerts",
  r: "review",
  c: "cases",
  l: "audit",
  u: "users",
};
const G_MS = 1500;

export function isTyping(event: KeyboardEvent): boolean {
  const at = event.target;
  return (
    at instanceof HTMLElement &&
    (at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName))
  );
}

/** Whether a key without Ctrl and the like is meant as a shortcut. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (!prefs.get().keys || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !isTyping(event) && !document.querySelector("dialog[open]");
}

interface Ways {
  search(): void;
  help(): void;
  open(page: PageName): void;
}

export function useKeys(ways: Ways): void {
  const now = useRef(ways);
  now.current = ways;
  useEffect(() => {
    let armed = 0;
    const press = (event: KeyboardEvent) => {
      if (!isShortcut(event) || event.defaultPrevented) return;
      const page = Date.now() - armed < G_MS ? AFTER_G[event.key] : undefined;
      armed = 0;
      if (page) now.current.open(page);
      else if (event.key === "/") now.current.search();
      else if (event.key === "?") now.current.help();
      else if (event.key === "g") {
        armed = Date.now();
        return;
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, []);
}

const GRAPH_KEYS: readonly [string, Key][] = [
  ["Enter", "help.expand"],
  ["← ↑ → ↓", "help.move"],
  ["Space", "help.select"],
  ["p", "help.pin"],
  ["x", "help.hide"],
  ["m", "help.group"],
  ["r", "help.path"],
  ["t", "help.trace"],
  ["f", "help.fit"],
  ["l", "help.list"],
  ["+ −", "help.zoom"],
  ["Ctrl Z", "help.undo"],
  ["Ctrl Y", "help.redo"],
];

export function Help({ onClose }: { onClose: () => void }) {
  const say = useSay();
  const { keys } = useStore(prefs);
  const line = (key: string, text: string) => (
    <tr key={key + text}>
      <th scope="row">
        {key.split(" ").map((one) => (
          <kbd key={one}>{one}</kbd>
        ))}
      </th>
      <td>{text}</td>
    </tr>
  );
  return (
    <Dialog title={say("help.title")} onClose={onClose} wide>
      <div class="help">
        <table>
          <caption>{say("help.everywhere")}</caption>
          <tbody>
            {line("/", say("help.search"))}
            {line("?", say("help.help"))}
            {line("Esc", say("help.close"))}
            {Object.entries(AFTER_G).map(([key, page]) => line(`g ${key}`, say(`nav.${page}`)))}
          </tbody>
        </table>
        <table>
          <caption>{say("help.graph")}</caption>
          <tbody>{GRAPH_KEYS.map(([key, text]) => line(key, say(text)))}</tbody>
        </table>
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={keys}
          onChange={(event) => choose({ keys: event.currentTarget.checked })}
        />
        {say("help.keys")}
      </label>
    </Dialog>
  );
}

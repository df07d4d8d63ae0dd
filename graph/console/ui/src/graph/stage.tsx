/** The canvas inside the page: kept in step with what is shown, moved over by arrow keys. */
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import type { Ref } from "preact";
import { isShortcut } from "../shell/keys";
import { onDarkness } from "../state/prefs";
import { useSay } from "../words";
import { Canvas, FAST_FROM, type Ways } from "./canvas";
import type { Spot } from "./model";
import { nearest } from "./places";
import type { Shown } from "./shown";
import { view } from "./work";

export interface StageWays extends Omit<Ways, "moved"> {
  moved(spots: Record<string, Spot>): void;
}

/** What the page may ask of the canvas. */
export interface StageHandle {
  fit(): void;
  /** Fits when what was just asked for has been drawn. */
  fitNext(): void;
  /** Moves the view only as far as is needed to see these. */
  show(ids: readonly string[]): void;
  zoom(by: number): void;
  arrange(): Record<string, Spot> | null;
  png(): Promise<Blob> | null;
}

interface Props {
  shown: Shown;
  chosen: ReadonlySet<string>;
  link: string | null;
  changed: ReadonlySet<string>;
  ways: StageWays;
  handle: Ref<StageHandle>;
}

const ARROWS: Readonly<Record<string, "left" | "right" | "up" | "down">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

export function Stage({ shown, chosen, link, changed, ways, handle }: Props) {
  const say = useSay();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<Canvas | null>(null);
  const now = useRef(ways);
  now.current = ways;
  const [cursor, setCursor] = useState<string | null>(null);
  const fast = shown.nodes.length > FAST_FROM;
  const first = useRef(true);
  useEffect(() => {
    if (!frame.current) return;
    const made = new Canvas(frame.current, shown.nodes.length, {
      choose: (ids, add) => now.current.choose(ids, add),
      link: (id) => now.current.link(id),
      nothing: () => now.current.nothing(),
      expand: (id) => now.current.expand(id),
      moved: (spots) => now.current.moved(spots),
    });
    canvas.current = made;
    made.draw(shown, marks());
    const kept = view.get();
    if (kept && first.current) made.look(kept);
    else made.fit();
    first.current = false;
    const stop = onDarkness(() => made.repaint());
    return () => {
      stop();
      view.set(made.view());
      made.stop();
      canvas.current = null;
    };
  }, [fast]);
  const marks = () => ({ chosen, link, cursor, changed, word: (type: string) => say.of("link", type) });
  const fitting = useRef(false);
  const count = useRef(0);
  useEffect(() => {
    canvas.current?.draw(shown, marks());
    // The first things on an empty canvas come into sight by themselves; later ones do not move the view.
    const first = count.current === 0 && shown.nodes.length > 0 && !view.get();
    if (first || fitting.current) canvas.current?.fit();
    fitting.current = false;
    count.current = shown.nodes.length;
  }, [shown, chosen, link, changed, cursor, say.lang]);
  useImperativeHandle(handle, () => ({
    fit: () => canvas.current?.fit(),
    fitNext: () => {
      fitting.current = true;
    },
    show: (ids) => canvas.current?.show(ids),
    zoom: (by) => canvas.current?.zoom(by),
    arrange: () => canvas.current?.arrange() ?? null,
    png: () => canvas.current?.png() ?? null,
  }));
  const press = (event: KeyboardEvent) => {
    const way = ARROWS[event.key];
    const at =
      shown.nodes.find((node) => node.id === cursor) ??
      shown.nodes.find((node) => chosen.has(node.id)) ??
      shown.nodes[0];
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    if (way) {
      const next = cursor === null ? at.id : (nearest(at, shown.nodes, way) ?? at.id);
      setCursor(next);
      canvas.current?.reveal(next);
    } else if (event.key === " ") now.current.choose([at.id], true);
    else if (event.key === "Enter") now.current.expand(at.id);
    else if (event.key === "Escape") now.current.nothing();
    else if ((event.key === "+" || event.key === "=") && isShortcut(event)) canvas.current?.zoom(1.25);
    else if (event.key === "-" && isShortcut(event)) canvas.current?.zoom(0.8);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const named = shown.nodes.find((node) => node.id === cursor);
  const rests = shown.nodes.filter((node) => node.more > 0).length;
  return (
    <>
      <div
        class="canvas"
        ref={frame}
        role="application"
        tabIndex={0}
        aria-label={say("graph.canvas")}
        onKeyDown={press}
        data-nodes={shown.nodes.length - rests}
        data-links={shown.links.length - rests}
        data-rests={rests}
      />
      <p class="sr" aria-live="polite">
        {named ? `${say.of("type", named.type)} ${named.label.slice(0, 80)}` : ""}
      </p>
    </>
  );
}

/** The canvas: draws what is shown and tells what the person does on it. Holds no knowledge of its own. */
import cytoscape, { type Core, type ElementDefinition, type EventObject } from "cytoscape";
import { cut, day } from "../format";
import { isDark } from "../state/prefs";
import { Lines } from "./lines";
import { styleSheet } from "./look";
import type { Spot } from "./model";
import type { Shown, ShownLink, ShownNode } from "./shown";

/** Beyond this many nodes moving is drawn without links, from a picture. */
export const FAST_FROM = 800;
/** Of more links only those are labelled that touch what is selected. */
const MOST_LABELLED = 40;
/** What the legend covers at the left, and room around everything. */
const LEGEND = 180;
const ROOM = 40;
/** How far a name reaches below its node. */
const NAME = 18;
const STYLE_ID = "__________cytoscape_stylesheet";

export interface Ways {
  choose(ids: string[], add: boolean): void;
  link(id: string): void;
  nothing(): void;
  expand(id: string): void;
  moved(spots: Record<string, Spot>): void;
}

export interface Marks {
  chosen: ReadonlySet<string>;
  link: string | null;
  cursor: string | null;
  changed: ReadonlySet<string>;
  word: (linkType: string) => string;
}

type MarkName = "chosen" | "cursor" | "changed";

/** The library puts its style into the page unless something has its name; the policy would refuse it. */
function forestallStyle(): void {
  if (document.getElementById(STYLE_ID)) return;
  const stand = document.createElement("meta");
  stand.id = STYLE_ID;
  document.head.append(stand);
}

export class Canvas {
  private readonly cy: Core;
  private readonly drawn = new Map<string, ElementDefinition>();
  private readonly marked: Record<MarkName, Set<string>> = {
    chosen: new Set(),
    cursor: new Set(),
    changed: new Set(),
  };
  readonly fast: boolean;
  /** Links in fast mode, which are no elements then. */
  private readonly lines: Lines | null;
  private links: readonly ShownLink[] = [];

  constructor(frame: HTMLElement, nodes: number, ways: Ways) {
    forestallStyle();
    this.fast = nodes > FAST_FROM;
    this.cy = cytoscape({
      container: frame,
      style: styleSheet(isDark(), this.fast),
      layout: { name: "preset" },
      minZoom: 0.05,
      maxZoom: 4,
      boxSelectionEnabled: true,
      textureOnViewport: this.fast,
      motionBlur: false,
      ...(this.fast ? { pixelRatio: 1 } : {}),
    });
    this.lines = this.fast ? new Lines(this.cy, frame) : null;
    this.listen(ways);
  }

  private listen(ways: Ways): void {
    const { cy } = this;
    const isAdding = (event: EventObject) => {
      const original = event.originalEvent as MouseEvent | undefined;
      return Boolean(original && (original.shiftKey || original.ctrlKey || original.metaKey));
    };
    cy.on("tap", "node", (event) => ways.choose([String(event.target.id())], isAdding(event)));
    cy.on("tap", "edge", (event) => ways.link(String(event.target.id())));
    cy.on("tap", (event) => {
      if (event.target !== cy) return;
      const line = this.lines?.at(event.position) ?? null;
      if (line === null) ways.nothing();
      else ways.link(line);
    });
    cy.on("dbltap", "node", (event) => ways.expand(String(event.target.id())));
    cy.on("boxend", () => {
      // The box's own selection comes with the next turn.
      window.setTimeout(() => {
        const boxed = cy.nodes(":selected").map((node) => node.id());
        const fresh = boxed.filter((id) => !this.marked.chosen.has(id));
        if (fresh.length > 0) ways.choose(boxed, true);
      });
    });
    cy.on("dragfreeon", "node", (event) => {
      const moved = event.target.selected() ? cy.nodes(":selected") : event.target;
      const spots: Record<string, Spot> = {};
      moved.forEach((node: cytoscape.NodeSingular) => {
        spots[node.id()] = { ...node.position() };
      });
      ways.moved(spots);
    });
  }

  /** Brings the canvas in step; what is the same is not touched, for every touch makes its style anew. */
  draw(shown: Shown, marks: Marks): void {
    const all = shown.links.length <= MOST_LABELLED;
    const isNear = (link: ShownLink) =>
      marks.link === link.id ||
      (marks.chosen.size <= 3 && (marks.chosen.has(link.from) || marks.chosen.has(link.to)));
    const word = (link: ShownLink) => (!this.fast && (all || isNear(link)) ? marks.word(link.type) : null);
    const wanted = new Map<string, ElementDefinition>();
    for (const node of shown.nodes) wanted.set(node.id, nodeElement(node));
    if (!this.lines) for (const link of shown.links) wanted.set(link.id, linkElement(link, word(link)));
    else if (this.links !== shown.links) this.lines.show(shown.nodes, shown.links, widthOf);
    this.links = shown.links;
    this.cy.batch(() => {
      this.drop(wanted);
      this.cy.add(this.changed(wanted));
      this.mark(marks);
    });
  }

  private drop(wanted: ReadonlyMap<string, ElementDefinition>): void {
    for (const id of this.drawn.keys()) {
      if (wanted.has(id)) continue;
      this.cy.getElementById(id).remove();
      this.drawn.delete(id);
      for (const marked of Object.values(this.marked)) marked.delete(id);
    }
  }

  /** Changes what is there and answers with what is not there yet. */
  private changed(wanted: ReadonlyMap<string, ElementDefinition>): ElementDefinition[] {
    const fresh: ElementDefinition[] = [];
    for (const [id, element] of wanted) {
      const before = this.drawn.get(id);
      if (before && same(before, element)) continue;
      this.drawn.set(id, element);
      if (!before) {
        fresh.push(element);
        continue;
      }
      const known = this.cy.getElementById(id);
      known.data(element.data);
      if (!known.isNode()) continue;
      if (element.position && !known.grabbed()) known.position({ ...element.position });
      known.toggleClass("pinned", element.grabbable === false);
      if (element.grabbable === false) known.ungrabify();
      else known.grabify();
    }
    return fresh.map((element) => ({
      ...element,
      ...(element.position ? { position: { ...element.position } } : {}),
    }));
  }

  private mark({ chosen, link, cursor, changed }: Marks): void {
    this.flip("chosen", new Set(link === null ? chosen : [...chosen, link]));
    this.lines?.mark(link);
    this.flip("cursor", new Set(cursor === null ? [] : [cursor]));
    this.flip("changed", new Set(changed));
    // Selected as the library understands it, too: what is selected is dragged together.
    this.cy
      .elements(":selected")
      .filter((element) => !chosen.has(element.id()))
      .unselect();
    for (const id of chosen) this.cy.getElementById(id).select();
  }

  private flip(name: MarkName, after: Set<string>): void {
    const before = this.marked[name];
    const now = new Set([...after].filter((id) => this.drawn.has(id)));
    for (const id of before) if (!now.has(id)) this.cy.getElementById(id).removeClass(name);
    for (const id of now) if (!before.has(id)) this.cy.getElementById(id).addClass(name);
    this.marked[name] = now;
  }

  repaint(): void {
    this.cy.style(styleSheet(isDark(), this.fast));
    this.lines?.soon();
  }

  /** All beside the legend, never larger than reads well. */
  fit(): void {
    const box = this.box();
    if (!box) return;
    const [wide, high] = [this.cy.width() - LEGEND, this.cy.height()];
    const zoom = Math.min(
      1.3,
      (wide - 2 * ROOM) / Math.max(1, box.w),
      (high - 2 * ROOM) / Math.max(1, box.h),
    );
    const level = Math.max(this.cy.minZoom(), zoom);
    const [x, y] = [(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2];
    this.cy.viewport({ zoom: level, pan: { x: LEGEND + wide / 2 - x * level, y: high / 2 - y * level } });
    this.lines?.rest();
  }

  /**
   * Where all nodes and their names are, about: links are between nodes, and to measure curves and words of thousands
   * takes longer than to draw them.
   */
  private box(): { x1: number; x2: number; y1: number; y2: number; w: number; h: number } | null {
    if (this.drawn.size === 0) return null;
    let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { data, position } of this.drawn.values()) {
      if (!position) continue;
      const half = Number(data.size) / 2;
      const aside = Math.max(half, wide(String(data.short)) / 2);
      [x1, x2] = [Math.min(x1, position.x - aside), Math.max(x2, position.x + aside)];
      [y1, y2] = [Math.min(y1, position.y - half), Math.max(y2, position.y + half + NAME)];
    }
    return { x1, x2, y1, y2, w: x2 - x1, h: y2 - y1 };
  }

  /** Brings these into sight: nothing moves when they are, else all is fitted. */
  show(ids: readonly string[]): void {
    const wanted = new Set(ids);
    const box = this.cy
      .nodes()
      .filter((node) => wanted.has(node.id()))
      .renderedBoundingBox();
    const inside = box.x1 >= 0 && box.y1 >= 0 && box.x2 <= this.cy.width() && box.y2 <= this.cy.height();
    if (!inside) this.fit();
  }

  zoom(by: number): void {
    const middle = { x: this.cy.width() / 2, y: this.cy.height() / 2 };
    this.cy.zoom({ level: this.cy.zoom() * by, renderedPosition: middle });
    this.lines?.rest();
  }

  /** Moves the view so that a node can be seen, if it cannot. */
  reveal(id: string): void {
    const node = this.cy.getElementById(id);
    if (node.empty()) return;
    const { x, y } = node.renderedPosition();
    if (x >= 30 && y >= 30 && x <= this.cy.width() - 30 && y <= this.cy.height() - 30) return;
    this.cy.center(node);
    this.lines?.rest();
  }

  view(): { zoom: number; pan: Spot } {
    return { zoom: this.cy.zoom(), pan: { ...this.cy.pan() } };
  }

  look(view: { zoom: number; pan: Spot }): void {
    this.cy.viewport(view);
    this.lines?.rest();
  }

  /** Places for what is not pinned by forces between nodes; for a few hundred at most. */
  arrange(): Record<string, Spot> {
    const loose = this.cy.elements();
    const pinned = this.cy.nodes(".pinned");
    pinned.lock();
    loose
      .layout({
        name: "cose",
        animate: false,
        randomize: false,
        nodeRepulsion: () => 60_000,
        idealEdgeLength: () => 90,
        numIter: 600,
        fit: false,
        nodeDimensionsIncludeLabels: true,
      })
      .run();
    pinned.unlock();
    const spots: Record<string, Spot> = {};
    this.cy.nodes().forEach((node) => {
      spots[node.id()] = { ...node.position() };
    });
    return spots;
  }

  async png(): Promise<Blob> {
    const ground = getComputedStyle(document.body).backgroundColor;
    const links = this.lines ? this.cy.add(this.links.map((link) => linkElement(link, null))) : null;
    const drawn = this.cy.png({
      output: "blob-promise",
      full: true,
      scale: 2,
      bg: ground,
      maxWidth: 8000,
      maxHeight: 8000,
    });
    links?.remove();
    return await drawn;
  }

  stop(): void {
    this.lines?.stop();
    this.cy.destroy();
  }
}

const nodeElement = (node: ShownNode): ElementDefinition => ({
  group: "nodes",
  data: {
    id: node.id,
    type: node.type,
    short: cut(node.label, node.more > 0 ? 28 : 14),
    ...(node.more > 0 ? { more: true } : {}),
    size: sizeOf(node),
  },
  position: { x: node.x, y: node.y },
  ...(node.pinned ? { grabbable: false, classes: "pinned" } : {}),
});

/** About how wide a name is drawn. */
const wide = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > "\u00ff" ? 11 : 6.5), 0);

/** By how many records speak of it; of what stands for many, by how many they are. */
function sizeOf({ holds, more, records }: ShownNode): number {
  if (more > 0) return 46 + Math.min(40, Math.log10(more) * 10);
  return holds > 0 ? 46 : 28 + Math.min(18, Math.log2(1 + records) * 3);
}

function same(one: ElementDefinition, other: ElementDefinition): boolean {
  if (one.grabbable !== other.grabbable) return false;
  if (one.position?.x !== other.position?.x || one.position?.y !== other.position?.y) return false;
  return Object.entries(other.data).every(([name, value]) => one.data[name] === value);
}

/** By how many records state it. */
const widthOf = ({ records }: ShownLink): number => 1.3 + Math.min(6, Math.log2(Math.max(1, records)) * 0.85);

function linkElement(link: ShownLink, word: string | null): ElementDefinition {
  const when = link.latest ?? link.earliest;
  return {
    group: "edges",
    data: {
      id: link.id,
      source: link.from,
      target: link.to,
      type: link.type,
      width: widthOf(link),
      ...(word === null ? { short: undefined } : { short: when ? `${word} ${day(when)}` : word }),
    },
  };
}

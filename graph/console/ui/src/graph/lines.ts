/**
 * Links as plain lines on a canvas of their own, below the nodes: for thousands of them the library's elements take
 * longer than everything else. They are drawn anew when the view rests; while it moves they are out of sight.
 */
import type { Core } from "cytoscape";
import { isDark } from "../state/prefs";
import { linkColour, MARKED } from "./look";
import type { Spot } from "./model";
import { distance } from "./places";
import type { ShownLink, ShownNode } from "./shown";

/** Milliseconds without a move after which the view rests. */
const RESTS = 120;
/** So near to a line, in pixels, a tap means it. */
const NEAR = 5;

interface Line {
  id: string;
  type: string;
  from: string;
  to: string;
  width: number;
}

export class Lines {
  private readonly canvas = document.createElement("canvas");
  private lines: readonly Line[] = [];
  private readonly spots = new Map<string, Spot>();
  private marked: string | null = null;
  private frame = 0;
  private timer = 0;

  constructor(
    private readonly cy: Core,
    private readonly holder: HTMLElement,
  ) {
    this.canvas.className = "lines";
    holder.prepend(this.canvas);
    cy.on("viewport", () => this.moved());
    cy.on("resize", () => this.soon());
    cy.on("position", "node", (event) => {
      this.spots.set(String(event.target.id()), { ...event.target.position() });
      this.soon();
    });
  }

  show(nodes: readonly ShownNode[], links: readonly ShownLink[], width: (link: ShownLink) => number): void {
    this.spots.clear();
    for (const { id, x, y } of nodes) this.spots.set(id, { x, y });
    this.lines = links.map((link) => ({
      id: link.id,
      type: link.type,
      from: link.from,
      to: link.to,
      width: width(link),
    }));
    this.soon();
  }

  mark(id: string | null): void {
    if (id === this.marked) return;
    this.marked = id;
    this.soon();
  }

  /** The line at a place of the drawing, if there is one near. */
  at(spot: Spot): string | null {
    let [found, least]: [string | null, number] = [null, NEAR / this.cy.zoom()];
    for (const line of this.lines) {
      const [from, to] = [this.spots.get(line.from), this.spots.get(line.to)];
      if (!from || !to) continue;
      const far = distance(spot, from, to) - line.width / 2;
      if (far < least) [found, least] = [line.id, far];
    }
    return found;
  }

  /** Draws with the next frame, however often it is asked for. */
  soon(): void {
    if (this.frame === 0 && this.timer === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** The view has come to rest: nobody is moving it. */
  rest(): void {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.soon();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    window.clearTimeout(this.timer);
    this.canvas.remove();
  }

  private moved(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.canvas.hidden = true;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.rest(), RESTS);
  }

  private draw(): void {
    this.frame = 0;
    const { canvas, cy } = this;
    [canvas.width, canvas.height] = [this.holder.clientWidth, this.holder.clientHeight];
    canvas.hidden = false;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    const [zoom, { x, y }] = [cy.zoom(), cy.pan()];
    pen.setTransform(zoom, 0, 0, zoom, x, y);
    pen.globalAlpha = 0.85;
    const dark = isDark();
    // All of one look in one stroke: to change the pen takes longer than a line.
    for (const [first, ...others] of alike(this.lines)) {
      pen.lineWidth = first.width;
      pen.strokeStyle = linkColour(first.type, dark);
      this.stroke(pen, [first, ...others]);
    }
    const marked = this.lines.filter((line) => line.id === this.marked);
    pen.globalAlpha = 1;
    pen.lineWidth = (marked[0]?.width ?? 0) + 2 / zoom;
    pen.strokeStyle = MARKED[dark ? "dark" : "light"];
    this.stroke(pen, marked);
  }

  private stroke(pen: CanvasRenderingContext2D, lines: readonly Line[]): void {
    pen.beginPath();
    for (const line of lines) {
      const [from, to] = [this.spots.get(line.from), this.spots.get(line.to)];
      if (!from || !to) continue;
      pen.moveTo(from.x, from.y);
      pen.lineTo(to.x, to.y);
    }
    pen.stroke();
  }
}

function alike(lines: readonly Line[]): Iterable<[Line, ...Line[]]> {
  const found = new Map<string, [Line, ...Line[]]>();
  for (const line of lines) {
    const look = `${line.type} ${line.width}`;
    const known = found.get(look);
    if (known) known.push(line);
    else found.set(look, [line]);
  }
  return found.values();
}

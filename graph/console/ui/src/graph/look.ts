/** How nodes and links are drawn on the canvas. Colours carry what the legend and labels say as well. */
import type { StylesheetJson } from "cytoscape";
import { iconAddress, TYPE_COLOURS, typeColour } from "../parts/icons";

/** Each kind of link has a colour and a line of its own. */
export const LINK_LOOKS: Readonly<
  Record<string, { light: string; dark: string; line: "solid" | "dashed" | "dotted" }>
> = {
  supplied: { light: "#b3261e", dark: "#ff8f86", line: "solid" },
  paid: { light: "#7d5200", dark: "#e3b35b", line: "dashed" },
  called: { light: "#0f6f7d", dark: "#63c3d1", line: "dotted" },
  carried_for: { light: "#8a3d12", dark: "#eea27c", line: "dashed" },
  works_for: { light: "#5b3f99", dark: "#b8a2ee", line: "solid" },
  sent: { light: "#a03c1f", dark: "#f0977c", line: "dotted" },
  received: { light: "#a03c1f", dark: "#f0977c", line: "dotted" },
  uses: { light: "#4f6072", dark: "#9db0c3", line: "dashed" },
};
const OTHER = { light: "#5c6b7a", dark: "#94a5b6", line: "solid" } as const;

export const linkLook = (type: string) => LINK_LOOKS[type] ?? OTHER;
export const linkColour = (type: string, dark: boolean): string => linkLook(type)[dark ? "dark" : "light"];

interface Inks {
  ink: string;
  ground: string;
  accent: string;
  mark: string;
}

const LIGHT: Inks = { ink: "#1b2430", ground: "#ffffff", accent: "#0b57d0", mark: "#b06000" };
const DARK: Inks = { ink: "#e4e9ef", ground: "#12171d", accent: "#8ec2ff", mark: "#f0bd6c" };

/** What is selected. */
export const MARKED = { light: LIGHT.accent, dark: DARK.accent } as const;

export function styleSheet(dark: boolean, fast: boolean): StylesheetJson {
  const inks = dark ? DARK : LIGHT;
  const types = [...Object.keys(TYPE_COLOURS)];
  const kinds = Object.keys(LINK_LOOKS);
  return [
    {
      selector: "node",
      style: {
        width: "data(size)",
        height: "data(size)",
        "background-color": typeColour(""),
        label: "data(short)",
        color: inks.ink,
        "font-size": 11,
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-background-color": inks.ground,
        "text-background-opacity": fast ? 0 : 0.8,
        "text-background-padding": "1px",
        "min-zoomed-font-size": fast ? 9 : 6,
        "border-width": 0,
        "overlay-opacity": 0,
      },
    },
    ...types.map((type) => ({
      selector: `node[type = "${type}"]`,
      style: {
        "background-color": typeColour(type),
        ...(fast
          ? {}
          : {
              "background-image": iconAddress(type),
              "background-fit": "none" as const,
              "background-width": "58%",
              "background-height": "58%",
            }),
      },
    })),
    { selector: 'node[type = "group"]', style: { shape: "round-rectangle" } },
    {
      // What is not drawn, together: neither round nor square, in two rings.
      selector: "node[more]",
      style: {
        shape: "hexagon",
        "border-width": 3,
        "border-color": inks.ground,
        "border-position": "inside",
        "outline-width": 2.5,
        "outline-color": inks.ink,
        "outline-offset": 1,
        "outline-style": "dashed",
        "font-weight": "bold",
        "text-margin-y": 8,
      },
    },
    {
      selector: "node.pinned",
      style: { "border-width": 3, "border-color": inks.ink, "border-style": "double" },
    },
    {
      selector: "node.changed",
      style: { "border-width": 4, "border-color": inks.mark, "border-style": "dashed" },
    },
    {
      selector: "node.chosen",
      style: { "border-width": 4, "border-color": inks.accent, "border-style": "solid" },
    },
    {
      selector: "node.cursor",
      style: { "outline-width": 2, "outline-color": inks.accent, "outline-offset": 4 },
    },
    {
      selector: "edge",
      style: {
        width: "data(width)",
        "line-color": dark ? OTHER.dark : OTHER.light,
        "curve-style": fast ? "haystack" : "bezier",
        ...(fast
          ? {}
          : {
              "target-arrow-shape": "triangle" as const,
              "target-arrow-color": dark ? OTHER.dark : OTHER.light,
              "arrow-scale": 0.8,
            }),
        opacity: 0.85,
        "overlay-opacity": 0,
      },
    },
    ...kinds.map((kind) => {
      const look = linkLook(kind);
      const colour = dark ? look.dark : look.light;
      return {
        selector: `edge[type = "${kind}"]`,
        style: {
          "line-color": colour,
          ...(fast ? {} : { "target-arrow-color": colour, "line-style": look.line }),
        },
      };
    }),
    {
      selector: 'edge[type = "more"]',
      style: { width: 1.2, ...(fast ? {} : { "line-style": "dotted", "target-arrow-shape": "none" }) },
    },
    {
      selector: "edge[short]",
      style: {
        label: "data(short)",
        color: inks.ink,
        "font-size": 9,
        "text-rotation": "autorotate",
        "text-background-color": inks.ground,
        "text-background-opacity": 1,
        "text-background-padding": "1px",
        "min-zoomed-font-size": 8,
      },
    },
    {
      selector: "edge.chosen",
      style: {
        "line-color": inks.accent,
        ...(fast ? {} : { "target-arrow-color": inks.accent }),
        opacity: 1,
        "z-index": 9,
      },
    },
    { selector: ".pale", style: { opacity: 0.25 } },
  ] as StylesheetJson;
}

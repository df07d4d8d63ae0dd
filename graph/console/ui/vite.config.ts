import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const PACKED = /\.(js|css|svg|html)$/;

/** Beside each file its packed form, which the server sends to whoever takes it: packed once, not at each request. */
function packed(): Plugin {
  return {
    name: "packed",
    writeBundle({ dir = "." }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((each) => PACKED.test(each)))
        writeFileSync(join(dir, `${name}.gz`), gzipSync(readFileSync(join(dir, name)), { level: 9 }));
    },
  };
}

const LIBRARY = /\/cytoscape\/dist\/cytoscape\.esm\.mjs$/;

/**
 * The library is one file in which lists name its parts: what stands in no list is dropped by the builder as
 * unused. Kept are the search by breadth, which the layout by forces asks for groups that hang together, and the
 * two layouts that `canvas.ts` names. WebGL is drawn only where an option says so.
 */
const CUTS: readonly (readonly [what: string, list: RegExp, kept: string])[] = [
  [
    "algorithms",
    /\[(elesfn\$\w+), (?:[\w$]+, )+tarjanStronglyConnected\$1\]\.forEach/,
    "[$1].forEach",
  ],
  ["WebGL", /(\[CRp\$b, .*)CRp\$4, (.*CRp\$1\]\.forEach)/, "$1$2"],
  [
    "layouts",
    /var layout = \[[^\]]*name: 'breadthfirst'[^\]]*\];/,
    "var layout = [{ name: 'cose', impl: CoseLayout }, { name: 'preset', impl: PresetLayout }];",
  ],
];

/** Leaves out of the graph library what the page never asks of it: a sixth of its weight. */
function slim(): Plugin {
  return {
    name: "slim",
    transform(code, id) {
      if (!LIBRARY.test(id.split("?")[0] ?? "")) return null;
      let kept = code;
      for (const [what, list, instead] of CUTS) {
        if (!list.test(kept)) this.error(`cytoscape lists its ${what} in another way now: see vite.config.ts`);
        kept = kept.replace(list, instead);
      }
      return { code: kept, map: null };
    },
  };
}

/**
 * The page is built into the Python package, which serves and ships it. Nothing is inlined: the policy
 * allows scripts, styles and fonts from the server itself and nothing else.
 */
export default defineConfig({
  plugins: [slim(), packed()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rolldownOptions: { checks: { pluginTimings: false } }, // a slow machine is no fault of the page
  },
  server: { proxy: { "/api": "http://127.0.0.1:8765" } },
});

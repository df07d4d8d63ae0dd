/** What is seen, as a file: made by the server, saved or opened by the browser. */
import { fetchFile } from "./api/client";
import { tell } from "./parts/tell";
import { say } from "./words";

export type Format = "csv" | "graphml" | "report";
export const FORMATS: readonly Format[] = ["csv", "graphml", "report"];

const ENDING: Readonly<Record<Format, string>> = { csv: "zip", graphml: "graphml", report: "html" };

export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
  tell(say()("graph.exported", { name }));
}

/** A file name without what file systems refuse. */
export const fileName = (title: string, ending: string): string =>
  `${title.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, "-").slice(0, 60) || "suyuan"}.${ending}`;

/** What was asked of a trace; a report tells its chains hop by hop. */
export interface OfTrace {
  who: string;
  direction: "up" | "down";
  substance: string | null;
  until: string | null;
  max_hops: number;
}

export async function exportAs(
  format: Format,
  nodes: string[],
  edges: string[],
  title: string,
  more: { hubs?: string[]; as_of?: string | null; trace?: OfTrace } = {},
): Promise<void> {
  // Opened before the answer is there: a browser takes a window that comes later for an advertisement.
  const sheet = format === "report" ? window.open("", "_blank") : null;
  try {
    const { blob, name } = await fetchFile("/export", { format, nodes, edges, title, ...more });
    if (sheet) {
      // The new window has this page's address and policy: scripts stay out, our print style comes in.
      sheet.document.open();
      sheet.document.write(await blob.text());
      sheet.document.close();
      return;
    }
    if (format === "report") tell(say()("graph.export.blocked"));
    save(blob, name ?? fileName(title, ENDING[format]));
  } catch (failed) {
    sheet?.close();
    throw failed;
  }
}

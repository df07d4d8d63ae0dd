/** Times, amounts and texts as people read them. Pure. */
import type { Say } from "./words";

const CHINA_MS = 8 * 3_600_000;

/** A moment in China's time, whatever offset it came with; `null` when it cannot be read. */
function china(iso: string): string | null {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : new Date(at + CHINA_MS).toISOString();
}

/** `2019-06-03`. What is no time is shown as it is. */
export const day = (iso: string): string => china(iso)?.slice(0, 10) ?? iso;

/** `2019-06-03 21:14`. */
export const moment = (iso: string): string => china(iso)?.slice(0, 16).replace("T", " ") ?? iso;

/** The end of a day in China, as the server takes moments. */
export const endOf = (day: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T23:59:59+08:00` : day;

/** A stretch of valid time; an open beginning is said as the bound that it is. */
export function span(earliest: string | null, latest: string | null, say: Say): string {
  const from = earliest === null ? null : day(earliest);
  const to = latest === null ? null : day(latest);
  if (from === null) return to === null ? say("when.unknown") : say("when.until", { to });
  if (to === null || to === from) return from;
  return say("when.span", { from, to: to.slice(0, 4) === from.slice(0, 4) ? to.slice(5) : to });
}

export function number(value: number, lang: "zh" | "en", digits = 2): string {
  return new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en", { maximumFractionDigits: digits }).format(
    value,
  );
}

const UNITS: Readonly<Record<string, string>> = {
  g: "克",
  kg: "公斤",
  l: "升",
  L: "升",
  ml: "毫升",
  t: "吨",
};

/** A quantity with its unit as it came; the everyday letters become words in Chinese. */
export function quantity(
  value: number | null | undefined,
  unit: string | null | undefined,
  say: Say,
): string {
  if (value === null || value === undefined) return "";
  const shown = unit ? (say.lang === "zh" ? (UNITS[unit] ?? unit) : unit) : "";
  return `${number(value, say.lang)}${shown ? ` ${shown}` : ""}`;
}

/** 0.873 → `0.87`; below one hundredth `<0.01`. Never rounds what is not certain to 1. */
export function certainty(value: number): string {
  if (value > 0 && value < 0.01) return "<0.01";
  if (value < 1 && value >= 0.995) return "0.99";
  return value.toFixed(2);
}

/** The first `most` characters (not halves of them), with an ellipsis when something was cut. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
}

export interface Piece {
  text: string;
  marked: boolean;
}

/** A text in pieces, marked or not. Spans count code points; overlapping and impossible ones are put right. */
export function marked(text: string, spans: readonly { start: number; end: number }[]): Piece[] {
  const letters = Array.from(text);
  const sound = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(letters.length, end) }))
    .filter(({ start, end }) => start < end)
    .sort((one, other) => one.start - other.start || one.end - other.end);
  const pieces: Piece[] = [];
  let done = 0;
  for (const { start, end } of sound) {
    if (end <= done) continue;
    const from = Math.max(start, done);
    if (from > done) pieces.push({ text: letters.slice(done, from).join(""), marked: false });
    pieces.push({ text: letters.slice(from, end).join(""), marked: true });
    done = end;
  }
  if (done < letters.length) pieces.push({ text: letters.slice(done).join(""), marked: false });
  return pieces;
}

/** A value of a record as text: lists joined, objects as `name value`. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(plain).filter(Boolean).join("、");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, inner]) => `${name} ${plain(inner)}`)
      .join("；");
  }
  return String(value);
}

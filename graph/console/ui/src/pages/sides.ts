/** Two sides field by field. Pure. */
import { plain } from "../format";

export interface Compared {
  name: string;
  a: string;
  b: string;
  how: "agree" | "differ" | "onlyone";
}

/** Fields that either side has: first those that differ, then those that agree, then those of one side. */
export function compared(a: Record<string, unknown>, b: Record<string, unknown>): Compared[] {
  const order = { differ: 0, agree: 1, onlyone: 2 } as const;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((name) => {
      const [one, other] = [plain(a[name]), plain(b[name])];
      const how: Compared["how"] =
        one === "" || other === "" ? "onlyone" : overlap(a[name], b[name]) ? "agree" : "differ";
      return { name, a: one, b: other, how };
    })
    .filter((row) => row.a !== "" || row.b !== "")
    .sort((one, other) => order[one.how] - order[other.how]);
}

/** Lists agree when they have something in common. */
function overlap(one: unknown, other: unknown): boolean {
  const list = (value: unknown) => (Array.isArray(value) ? value : [value]).map(plain);
  const known = new Set(list(one));
  return list(other).some((value) => known.has(value));
}

export interface Bar {
  feature: string;
  why: string;
  why_zh?: string;
  bits: number;
  from: number;
  to: number;
}

/** Each feature's bar begins where the one before ended. */
export function stacked(
  evidence: readonly { feature: string; bits: number; why: string; why_zh?: string }[],
): Bar[] {
  let sum = 0;
  return evidence.map((one) => {
    const from = sum;
    sum += one.bits;
    return { ...one, from, to: sum };
  });
}

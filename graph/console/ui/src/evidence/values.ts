/** Codes in records as words. */
import type { Say } from "../words";

export function worded(name: string, value: string, say: Say): string {
  if (name === "substance") return say.substance(value);
  if (name === "role") return say.of("as", value);
  if (name === "kind") return say.of("link", value);
  if (name === "outcome") return say.of("outcome", value);
  return value;
}

/** A grade in two signs; without one a record is neither reliable nor unreliable, which F6 says. */
export const gradeWord = (grade: string | null, say: Say): string =>
  grade === null || grade === "F6" ? say("evidence.ungraded") : grade;

/** What was compared: a feature, else the identifier or field of that name. */
export function featureWord(feature: string, say: Say): string {
  for (const kind of ["feature", "identifier", "field"]) {
    const word = say.of(kind, feature);
    if (word !== feature) return word;
  }
  const [, sort, rest] = /^(context|mask)_(.+)$/.exec(feature) ?? [];
  if (sort === undefined || rest === undefined) return feature;
  return say(sort === "mask" ? "review.masked" : "review.shared", { what: featureWord(rest, say) });
}

/** What is odd about a record: a value that is kept and never compared, or how its text tells. */
export function flagWord(flag: string, say: Say): string {
  const [kind = flag, field] = flag.split(/:(.*)/s);
  if (kind === "suspect_value") return say("evidence.flag", { field: field ?? "" });
  const word = say.of("flag", kind);
  return field ? `${word}：${field}` : word;
}

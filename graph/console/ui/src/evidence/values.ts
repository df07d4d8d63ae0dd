/** Codes in records as words. */
import type { Say } from "../words";

export function worded(name: string, value: string, say: Say): string {
  if (name === "substance") return say.substance(value);
  if (name === "role") return say.of("as", value);
  if (name === "kind") return say.of("link", value);
  if (name === "outcome") return say.of("outcome", value);
  return value;
}

/** What was compared: a feature, else the identifier or field of that name. */
export function featureWord(feature: string, say: Say): string {
  for (const kind of ["feature", "identifier", "field"]) {
    const word = say.of(kind, feature);
    if (word !== feature) return word;
  }
  return feature;
}

/** What the server says, as it says it: names and shapes are the interface's. */

export type Role = "investigator" | "lead" | "inspector" | "administrator";

export interface Session {
  user: string;
  name: string;
  role: Role;
  regions: string[];
  cases: string[];
  csrf: string;
  purposes: Record<string, string>;
  expires: string;
  must_change: boolean;
  last_visit: string | null;
}

/** Whether the organisation's own sign-in may be used; its name may be empty. */
export interface Offer {
  offered: boolean;
  name: string;
}

export interface Entity {
  id: string;
  type: string;
  label: string;
  mentions: { record: string; ref?: string; span?: [number, number] }[];
  identifiers: { kind: string; value: string; records: string[] }[];
  aliases: string[];
}

/** `records` counts the visible records that speak of it. */
export interface Node {
  id: string;
  type: string;
  label: string;
  records: number;
}

/** One thing in both languages; `say.lang` chooses. */
export type Said = Readonly<Record<"zh" | "en", string>>;

/** Parallel edges of one type and direction between two entities. */
export interface Link {
  id: string;
  type: string;
  from: string;
  to: string;
  edges: string[];
  records: string[];
  earliest: string | null;
  latest: string | null;
  substances: string[];
  quantity: number | null;
  unit: string | null;
  confidence: number;
}

export interface Hit {
  node: Node;
  why: { kind: string; value: string }[];
}

export interface Appearance {
  record: string;
  kind: string;
  source: string;
  region: string;
  case: string | null;
  line: number | null;
  checkpoint: string | null;
  site: string | null;
  outcome: string | null;
  reported: string;
  copy_of: string[];
  lead: boolean;
  role: string;
  grade: string | null;
  doubts: string | null;
}

export interface Lot {
  record: string;
  kind: string;
  reported: string;
  substance: string | null;
  quantity: number | null;
  unit: string | null;
  grams: number | null;
}

export interface Dossier {
  entity: Entity;
  node: Node;
  appearances: Appearance[];
  lots: Lot[];
  links: Record<string, number>;
  others: { type: string; out: boolean; count: number; nodes: Node[] }[];
  alerts: { id: string; rule: string; severity: string; state: string }[];
  notice: string;
}

/** How many neighbours there are, by type and by type of link; without `whole` at least so many. */
export interface Around {
  types: Record<string, number>;
  links: Record<string, number>;
  whole: boolean;
}

/** The entity itself, then its neighbours, the best documented first. */
export interface Neighbours {
  nodes: Node[];
  links: Link[];
  around: Around;
  ask: boolean;
}

/**
 * A picture as it is at a moment; `now` names for each id that was asked for the one that it has there, `around`
 * counts the neighbours of the hubs that were asked about.
 */
export interface Drawn {
  nodes: Node[];
  links: Link[];
  now: Record<string, string>;
  around: Record<string, Around>;
}

export interface Hop {
  from: Entity;
  to: Entity;
  kind: string;
  substance: string | null;
  earliest: string | null;
  latest: string | null;
  confidence: number;
  records: string[];
}

export interface Trace {
  origin: Entity;
  direction: "up" | "down";
  as_of: string | null;
  truncated: boolean;
  chains: { confidence: number; hops: Hop[] }[];
  reached: { id: string; label: string; hops: number; records: string[] }[];
  excluded: { from: string; to: string; records: string[]; reason: string; detail: string }[];
  note?: string | null;
}

export interface TraceNode {
  tier: number;
  place: number;
  type: string;
  label: string;
  role: string | null;
}

export interface TraceLink {
  from: string;
  to: string;
  substance: string | null;
  earliest: string | null;
  latest: string | null;
  confidence: number;
  quantity: number | null;
  unit: string | null;
  records: string[];
  kind: string;
  edges: string[];
  chains: number[];
}

export interface Traced {
  trace: Trace;
  nodes: Record<string, TraceNode>;
  tiers: string[][];
  links: TraceLink[];
  crossings: number;
  weakest: { chain: number; hop: number; confidence: number; what: Said }[];
  withheld: boolean;
  details: Said[];
  note: Said | null;
}

export interface Way {
  nodes: Node[];
  links: Link[];
  withheld: boolean;
}

export interface Edge {
  id: string;
  type: string;
  from: string;
  to: string;
  earliest: string | null;
  latest: string | null;
  records: string[];
  basis: string;
  substance?: string | null;
  quantity?: number | null;
  unit?: string | null;
  amount?: number | null;
  confidence?: number;
  confirmed?: { by: string; because: string; at: string };
}

export interface Highlight {
  path: string;
  start?: number;
  end?: number;
}

export type Body = Record<string, unknown>;

export interface SourceRecord {
  record: string;
  kind: string;
  revision: number;
  reported_at: string;
  received_at: string;
  live: boolean;
  withdrawn_because: string | null;
  flags: string[];
  copy_of: (string | { record: string })[];
  copies: string[];
  sha256: string;
  names: Record<string, string>;
  grade: string | null;
  body: Body;
  found_in_text: { type: string; text: string; start: number; end: number; value: string | null }[];
  entities: Node[];
  highlights?: Highlight[];
}

export interface Evidence {
  edges: Edge[];
  entities: Entity[];
  records: SourceRecord[];
  origins: number;
  against: Said[];
  notice: string;
}

export interface TimelineItem {
  from: string | null;
  to: string;
  precision: "year" | "month" | "day" | "minute" | "span" | "bound";
  record: string;
  label: string;
  edge: string | null;
}

export interface Timeline {
  lanes: { type: string; items: TimelineItem[] }[];
}

export interface MapData {
  land: GeoJSON.FeatureCollection;
  sites: {
    id: string;
    name: string;
    line: 1 | 2 | 3;
    kind: string;
    lat: number;
    lon: number;
    records: number;
  }[];
  places: { name: string; region: string; lat: number; lon: number; record: string }[];
  routes: { from: string; to: string; records: number; earliest: string; latest: string }[];
  undated: number;
}

export interface Changes {
  now: string;
  records: { record: string; kind: string; reported_at: string; received_at: string; case: string | null }[];
  entities: Node[];
  more: boolean;
}

export interface Answer {
  state: string;
  by: string;
  because: string;
  at: string;
}

export interface Alert {
  id: string;
  rule: string;
  severity: "high" | "medium" | "low";
  state: string;
  raised_at: string;
  cases: string[];
  region: string;
  entities: Entity[];
  records: string[];
  reasons: string[];
  against: string[];
  notice: string;
  reasons_en: string[];
  against_en: string[];
  answers: Answer[];
  version: number;
}

/** `next` is where those behind this page begin. */
export interface AlertPage {
  alerts: Alert[];
  next: string | null;
  unanswered: number;
}

export interface Pair {
  key: string;
  a: string;
  b: string;
  entities: [Entity, Entity];
  bits: number;
  link_from: number;
  review_from: number;
  exclusive: boolean;
  evidence: { feature: string; bits: number; why: string; why_zh?: string }[];
  effect: { words: string; words_zh?: string };
  sides: { mention: string; record: string; fields: Record<string, unknown> }[];
}

export interface Delivery {
  key: string;
  claim: string;
  record: string;
  from: string;
  to: string;
  said: string;
  around: string;
  score: number;
  substance: string | null;
  quantity: number | null;
  unit: string | null;
}

export interface Waiting {
  pairs: Pair[];
  deliveries: Delivery[];
  /** Decisions are made on another machine. */
  elsewhere?: boolean;
}

export interface CaseInfo {
  case: string;
  member: boolean;
  records: number;
  members: string[];
  leads: string[];
}

export interface View {
  id: string;
  name: string;
  case: string | null;
  shared: boolean;
  by: string;
  at: string;
  body: Body;
}

export type AuditBreach = { n: number; how: string };

export interface AuditVerdict {
  lines: number;
  fault: AuditBreach | null;
}

export interface AuditPage {
  lines: {
    n: number;
    at: string;
    user: string;
    action: string;
    case: string | null;
    purpose: string | null;
    about: string[];
    address: string;
  }[];
  checked: { how: "chain" | "lines"; fault: AuditBreach | null };
  next: number | null;
}

export interface Account {
  user: string;
  name: string;
  role: Role;
  regions: string[];
  cases: string[];
  locked: boolean;
  disabled: boolean;
}

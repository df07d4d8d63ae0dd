/** One record: who reported it when, how it is graded, its text and fields, with what the link stands on marked. */
import { useState } from "preact/hooks";
import type { Highlight, SourceRecord } from "../api/types";
import { marked, moment } from "../format";
import { EntityLink, Name, RecordLink } from "../parts/basics";
import { useSay } from "../words";
import { groups, headRows, type Row } from "./parts";
import { flagWord, gradeWord, worded } from "./values";

export function RecordCard({ record, whole = false }: { record: SourceRecord; whole?: boolean }) {
  const say = useSay();
  const [open, setOpen] = useState(whole);
  const highlights = record.highlights ?? [];
  return (
    <article
      class={record.live ? "record" : "record dead"}
      aria-label={`${say("record.title")} ${record.record}`}
    >
      <header>
        <span class="tag">{say.of("kind", record.kind)}</span>
        {whole ? (
          <span class="mono">
            <Name text={record.record} most={80} />
          </span>
        ) : (
          <RecordLink name={record.record} />
        )}
        <span class="grade num" title={say("evidence.grade")}>
          {gradeWord(record.grade, say)}
        </span>
      </header>
      <p class="soft small num">
        {say("evidence.reported")} {moment(record.reported_at)} · {say("evidence.received")}{" "}
        {moment(record.received_at)} · {say("evidence.revision", { n: record.revision })}
      </p>
      <Standing record={record} />
      <Text record={record} highlights={highlights} />
      <Fields record={record} highlights={highlights} all={open} level={whole ? "h2" : "h4"} />
      {open && <Foot record={record} level={whole ? "h2" : "h4"} />}
      {!whole && (
        <button type="button" class="quiet small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? say("evidence.less") : say("evidence.full")}
        </button>
      )}
    </article>
  );
}

/** What takes weight from a record: withdrawn, a copy, doubtful fields. */
function Standing({ record }: { record: SourceRecord }) {
  const say = useSay();
  const copies = record.copy_of.map((one) => (typeof one === "string" ? one : one.record));
  const lines = [
    record.live
      ? ""
      : record.withdrawn_because
        ? say("evidence.withdrawn.because", { why: record.withdrawn_because })
        : say("evidence.replaced"),
    copies.length > 0 ? say("evidence.copy", { of: copies.join(" ") }) : "",
    record.copies.length > 0 ? say("evidence.copies", { n: record.copies.length }) : "",
    ...record.flags.map((flag) => flagWord(flag, say)),
  ].filter(Boolean);
  if (lines.length === 0) return null;
  return (
    <ul class="standing">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

function Text({ record, highlights }: { record: SourceRecord; highlights: readonly Highlight[] }) {
  const say = useSay();
  const text = record.body.text;
  if (typeof text !== "string" || text === "") return null;
  const spans = highlights
    .filter((one) => one.path === "text")
    .map((one) => ({ start: one.start ?? 0, end: one.end ?? Infinity }));
  return (
    <p class="record-text" dir="auto">
      <span class="sr">{say("evidence.text")}：</span>
      {marked(text, spans).map((piece, at) =>
        piece.marked ? (
          <mark key={at} title={say("evidence.mark")}>
            {piece.text}
          </mark>
        ) : (
          <span key={at}>{piece.text}</span>
        ),
      )}
    </p>
  );
}

/** `names` are those of codes that only the server knows: of sites and regions. */
function Rows({ rows, names = {} }: { rows: readonly Row[]; names?: Readonly<Record<string, string>> }) {
  const say = useSay();
  const text = (row: Row) => names[row.name] ?? worded(row.name, row.value, say);
  return (
    <>
      {rows.map((row) => (
        <div key={row.name} class={row.marked ? "pair marked" : "pair"}>
          <dt>{say.of("field", row.name)}</dt>
          <dd>
            {row.marked ? (
              <mark title={say("evidence.mark")}>
                <Name text={text(row)} most={400} />
              </mark>
            ) : (
              <Name text={text(row)} most={400} />
            )}
          </dd>
        </div>
      ))}
    </>
  );
}

/** Under the page's title or under a panel's. */
type Level = "h2" | "h4";

interface FieldsProps {
  record: SourceRecord;
  highlights: readonly Highlight[];
  all: boolean;
  level: Level;
}

function Fields({ record, highlights, all, level: Heading }: FieldsProps) {
  const say = useSay();
  const head = headRows(record.body, highlights).filter(
    (row) => all || row.marked || row.name === "occurred" || row.name === "checkpoint",
  );
  const lists = groups(record.body, highlights, (list, at) => `${say.of("field", list)} ${at + 1}`)
    .map((group) => ({ ...group, items: group.items.filter((item) => all || item.marked) }))
    .filter((group) => group.items.length > 0);
  return (
    <div class="fields">
      {head.length > 0 && (
        <dl class="pairs">
          <Rows rows={head} names={record.names} />
        </dl>
      )}
      {lists.map((group) =>
        group.items.map((item) => (
          <section key={`${group.list}${item.at}`} class={item.marked ? "part marked" : "part"}>
            <Heading class="part-name">
              {say.of("field", group.list)} {group.items.length > 1 || item.at > 0 ? item.at + 1 : ""}
              {item.marked && <mark class="tag mark-tag">{say("evidence.mark")}</mark>}
            </Heading>
            <dl class="pairs">
              <Rows rows={item.rows} />
            </dl>
          </section>
        )),
      )}
    </div>
  );
}

function Foot({ record, level: Heading }: { record: SourceRecord; level: Level }) {
  const say = useSay();
  return (
    <footer>
      {record.entities.length > 0 && (
        <>
          <Heading class="part-name">{say("evidence.people")}</Heading>
          <ul class="chips">
            {record.entities.slice(0, 40).map((node) => (
              <li key={node.id}>
                <EntityLink id={node.id} type={node.type} label={node.label} />
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="small soft">
        {say("evidence.sha")} <span class="mono hash">{record.sha256}</span>
      </p>
    </footer>
  );
}

/** All that is known of one thing: numbers, records, goods, links, alerts, and when. */
import { useState } from "preact/hooks";
import { part } from "../api/client";
import type { Dossier, Timeline } from "../api/types";
import { useRead } from "../api/use";
import { EvidencePanel } from "../evidence/panel";
import { gradeWord } from "../evidence/values";
import { moment, quantity } from "../format";
import { EntityLink, Loading, Name, Notice, Problem, RecordLink, Severity } from "../parts/basics";
import { TypeIcon } from "../parts/icons";
import { entityHref, go, href } from "../router";
import { want } from "../graph/wanted";
import { useSay } from "../words";
import { Lanes } from "./timeline";

export default function DossierPage({ id }: { id: string }) {
  const say = useSay();
  const read = useRead<Dossier>(`/entities/${part(id)}`);
  const times = useRead<Timeline>(read.data ? `/entities/${part(read.data.entity.id)}/timeline` : null);
  const [edges, setEdges] = useState<string[] | null>(null);
  const all = read.data;
  if (!all)
    return (
      <div class="page">
        <h1 class="sr">{say("dossier.title")}</h1>
        {read.loading ? (
          <Loading />
        ) : (
          <Problem error={read.error} again={read.again} choose={(one) => go(entityHref(one.id), true)} />
        )}
      </div>
    );
  return (
    <div class={edges ? "split" : "split closed"}>
      <div class="page">
        <Head all={all} />
        <div class="columns">
          <div>
            <Identifiers all={all} />
            <Links all={all} />
          </div>
          <div>
            <Alerts all={all} />
            <Lots all={all} />
          </div>
        </div>
        <section>
          <h2>{say("dossier.timeline")}</h2>
          <Problem error={times.error} again={times.again} />
          {times.data && <Lanes lanes={times.data.lanes} onEdge={(edge) => setEdges([edge])} />}
        </section>
        <Appearances all={all} />
      </div>
      {edges && <EvidencePanel edges={edges} onClose={() => setEdges(null)} />}
    </div>
  );
}

function Head({ all: { entity, node, notice } }: { all: Dossier }) {
  const say = useSay();
  return (
    <header class="page-head">
      <TypeIcon type={entity.type} size={30} />
      <h1>
        <Name text={entity.label} most={60} />
      </h1>
      <span class="soft">
        {say.of("type", entity.type)} · {say("count.records", { n: node.records })}
      </span>
      <Notice text={notice} />
      <span class="grow" />
      <button type="button" onClick={() => (want([node]), go("/graph"))}>
        {say("search.to.graph")}
      </button>
      <a class="button primary" href={href("/trace", { who: entity.id, direction: "up" })}>
        {say("trace.up")}
      </a>
      <a class="button" href={href("/trace", { who: entity.id, direction: "down" })}>
        {say("trace.down")}
      </a>
    </header>
  );
}

function Identifiers({ all: { entity } }: { all: Dossier }) {
  const say = useSay();
  return (
    <section>
      <h2>{say("dossier.identifiers")}</h2>
      <dl class="pairs">
        {entity.identifiers.map((one) => (
          <div key={one.kind + one.value}>
            <dt>{say.of("identifier", one.kind)}</dt>
            <dd>
              <span class="num">
                <Name text={one.value} />
              </span>{" "}
              <span class="soft small" title={one.records.join("\n")}>
                {say("count.records", { n: one.records.length })}
              </span>
            </dd>
          </div>
        ))}
        {entity.aliases.length > 0 && (
          <div>
            <dt>{say("dossier.aliases")}</dt>
            <dd>
              {entity.aliases.slice(0, 30).map((alias, at) => (
                <span key={alias}>
                  {at > 0 && "、"}
                  <Name text={alias} />
                </span>
              ))}
            </dd>
          </div>
        )}
        <div>
          <dt>{say("dossier.id")}</dt>
          <dd class="mono soft">{entity.id}</dd>
        </div>
      </dl>
    </section>
  );
}

function Links({ all: { others } }: { all: Dossier }) {
  const say = useSay();
  return (
    <section>
      <h2>{say("dossier.links")}</h2>
      {others.length === 0 && <p class="soft">{say("dossier.none")}</p>}
      <dl class="pairs">
        {others.map((one) => (
          <div key={`${one.type}${one.out}`}>
            <dt>
              {one.out ? `${say.of("link", one.type)}\u00a0→` : `←\u00a0${say.of("link", one.type)}`}
            </dt>
            <dd>
              <ul class="chips">
                {one.nodes.map((node) => (
                  <li key={node.id}>
                    <EntityLink id={node.id} type={node.type} label={node.label} most={16} />
                  </li>
                ))}
                {one.count > one.nodes.length && (
                  <li class="soft">{say("dossier.more", { n: one.count - one.nodes.length })}</li>
                )}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Alerts({ all: { alerts } }: { all: Dossier }) {
  const say = useSay();
  return (
    <section>
      <h2>{say("dossier.alerts")}</h2>
      {alerts.length === 0 && <p class="soft">{say("dossier.none")}</p>}
      <ul class="plain">
        {alerts.map((alert) => (
          <li key={alert.id}>
            <Severity of={alert.severity} />{" "}
            <a href={href("/alerts", { id: alert.id })}>{say.of("rule", alert.rule)}</a>{" "}
            <span class="soft">{say.of("state", alert.state)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lots({ all: { lots } }: { all: Dossier }) {
  const say = useSay();
  return (
    <section>
      <h2>{say("dossier.lots")}</h2>
      {lots.length === 0 && <p class="soft">{say("dossier.none")}</p>}
      <ul class="plain">
        {lots.slice(0, 50).map((lot, at) => (
          <li key={`${lot.record}${at}`}>
            {say.substance(lot.substance)} <span class="num">{quantity(lot.quantity, lot.unit, say)}</span>{" "}
            <span class="soft">
              {say.of("kind", lot.kind)} · <span class="num">{moment(lot.reported)}</span>
            </span>{" "}
            <RecordLink name={lot.record} most={26} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const STEP = 200;

function Appearances({ all: { appearances } }: { all: Dossier }) {
  const say = useSay();
  const [most, setMost] = useState(STEP);
  return (
    <section>
      <h2>
        {say("dossier.appearances")} <span class="count num">{appearances.length}</span>
      </h2>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">{say("evidence.reported")}</th>
            <th scope="col">{say("record.kind")}</th>
            <th scope="col">{say("record.title")}</th>
            <th scope="col">{say("field.role")}</th>
            <th scope="col">{say("evidence.grade")}</th>
            <th scope="col">{say("field.case")}</th>
            <th scope="col">{say("field.checkpoint")}</th>
            <th scope="col">{say("trace.detail")}</th>
          </tr>
        </thead>
        <tbody>
          {appearances.slice(0, most).map((one) => (
            <tr key={one.record}>
              <td class="num">{moment(one.reported)}</td>
              <td>{say.of("kind", one.kind)}</td>
              <th scope="row">
                <RecordLink name={one.record} />
              </th>
              <td>{say.of("as", one.role)}</td>
              <td class="num">{gradeWord(one.grade, say)}</td>
              <td class="num">{one.case ?? ""}</td>
              <td>
                <Name text={one.site ?? ""} most={24} />
                {one.line !== null && <span class="soft"> {say("dossier.lines", { n: one.line })}</span>}
              </td>
              <td class="soft">
                {[
                  one.outcome ? say.of("outcome", one.outcome) : "",
                  one.copy_of.length > 0 ? say("dossier.copy_of", { of: one.copy_of.join(" ") }) : "",
                  ...(one.doubts ?? "")
                    .split(" ")
                    .filter(Boolean)
                    .map((doubt) => say.of("doubt", doubt)),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {appearances.length > most && (
        <button type="button" onClick={() => setMost(most + STEP)}>
          {say("do.more")}
        </button>
      )}
    </section>
  );
}

/** The trace in words: chains, every hop, what was not followed and why, who was reached. */
import type { Traced } from "../api/types";
import { quantity, span } from "../format";
import { Certainty, EntityLink, Name, RecordLink } from "../parts/basics";
import { useSay } from "../words";
import { linkOfHop } from "./layout";

interface ChainsProps {
  traced: Traced;
  chain: number | null;
  onChain: (chain: number | null) => void;
  onLink: (at: number) => void;
}

export function Chains({ traced, chain, onChain, onLink }: ChainsProps) {
  const say = useSay();
  const { chains } = traced.trace;
  return (
    <fieldset class="chain-list">
      <legend class="sr">{say("trace.chains")}</legend>
      {chains.length > 1 && (
        <label class="chain">
          <input type="radio" name="chain" checked={chain === null} onChange={() => onChain(null)} />
          <span>{say("trace.chains.all")}</span>
        </label>
      )}
      {chains.map((one, at) => {
        const ends = [one.hops[0]?.from, one.hops.at(-1)?.to];
        const weak = traced.weakest.find((each) => each.chain === at);
        const hop = weak ? one.hops[weak.hop] : undefined;
        return (
          <div key={at} class={chain === at ? "chain chosen" : "chain"}>
            <label>
              <input type="radio" name="chain" checked={chain === at} onChange={() => onChain(at)} />
              <strong>
                <Name text={ends[0]?.label ?? ""} most={14} /> →{" "}
                <Name text={ends[1]?.label ?? ""} most={14} />
              </strong>
              <span class="soft">{say("trace.hopcount", { n: one.hops.length })}</span>
              <Certainty value={one.confidence} />
            </label>
            {weak && hop && (
              <p class="weak small">
                {say("trace.weakest")}
                {say.lang === "zh" ? "：" : ": "}
                <button type="button" class="link" onClick={() => onLink(linkOfHop(traced, at, weak.hop))}>
                  <Name text={hop.from.label} most={12} /> → <Name text={hop.to.label} most={12} />
                </button>{" "}
                <Certainty value={weak.confidence} /> {say("trace.confirm")}{say.lang === "zh" ? "：" : ": "}
                {weak.what[say.lang]}
              </p>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}

interface HopsProps {
  traced: Traced;
  only: ReadonlySet<number> | null;
  chosen: number | null;
  onLink: (at: number) => void;
}

export function Hops({ traced, only, chosen, onLink }: HopsProps) {
  const say = useSay();
  const tier = (id: string) => traced.nodes[id]?.tier ?? 0;
  const rows = traced.links
    .map((link, at) => ({ link, at }))
    .filter(({ at }) => only === null || only.has(at))
    .sort(
      (one, other) =>
        tier(one.link.from) - tier(other.link.from) ||
        (one.link.earliest ?? "").localeCompare(other.link.earliest ?? ""),
    );
  const end = (id: string) => (
    <EntityLink id={id} type={traced.nodes[id]?.type ?? ""} label={traced.nodes[id]?.label ?? id} most={16} />
  );
  return (
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">{say("trace.from")}</th>
          <th scope="col">{say("trace.to")}</th>
          <th scope="col">{say("trace.time")}</th>
          <th scope="col">{say("trace.substance")}</th>
          <th scope="col" class="right">
            {say("trace.quantity")}
          </th>
          <th scope="col">{say("trace.basis")}</th>
          <th scope="col">{say("trace.confidence")}</th>
          <th scope="col">{say("trace.evidence")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ link, at }) => (
          <tr key={at} class={chosen === at ? "chosen" : undefined}>
            <td>{end(link.from)}</td>
            <td>{end(link.to)}</td>
            <td class="num">{span(link.earliest, link.latest, say)}</td>
            <td>{say.substance(link.substance)}</td>
            <td class="right num">{quantity(link.quantity, link.unit, say)}</td>
            <td>{say.of("basis", link.kind)}</td>
            <td>
              <Certainty value={link.confidence} />
            </td>
            <td>
              <button type="button" class="link" onClick={() => onLink(at)}>
                {say("count.records", { n: link.records.length })}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Excluded({ traced }: { traced: Traced }) {
  const say = useSay();
  const names = new Map<string, string>(Object.entries(traced.nodes).map(([id, node]) => [id, node.label]));
  for (const one of traced.trace.reached) names.set(one.id, one.label);
  const end = (id: string) => (
    <a href={`/entity/${encodeURIComponent(id)}`}>
      <Name text={names.get(id) ?? id} most={18} />
    </a>
  );
  if (traced.trace.excluded.length === 0) return <p class="soft">{say("is.empty")}</p>;
  return (
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">{say("trace.from")}</th>
          <th scope="col">{say("trace.to")}</th>
          <th scope="col">{say("trace.reason")}</th>
          <th scope="col">{say("trace.detail")}</th>
          <th scope="col">{say("trace.records")}</th>
        </tr>
      </thead>
      <tbody>
        {traced.trace.excluded.slice(0, 500).map((one, at) => (
          <tr key={at}>
            <td>{end(one.from)}</td>
            <td>{end(one.to)}</td>
            <td>
              <span class="tag">{say.of("reason", one.reason)}</span>
            </td>
            <td>{traced.details[at]?.[say.lang] ?? one.detail}</td>
            <td>
              {one.records.slice(0, 4).map((name) => (
                <div key={name}>
                  <RecordLink name={name} />
                </div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Reached({ traced }: { traced: Traced }) {
  const say = useSay();
  return (
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">{say("search.name")}</th>
          <th scope="col" class="right">
            {say("trace.hops")}
          </th>
          <th scope="col">{say("trace.records")}</th>
        </tr>
      </thead>
      <tbody>
        {traced.trace.reached.slice(0, 500).map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <EntityLink id={one.id} type={traced.nodes[one.id]?.type ?? ""} label={one.label} />
            </th>
            <td class="right num">{one.hops}</td>
            <td>
              {one.records.slice(0, 4).map((name) => (
                <span key={name}>
                  <RecordLink name={name} />{" "}
                </span>
              ))}
              {one.records.length > 4 && <span class="soft">+{one.records.length - 4}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

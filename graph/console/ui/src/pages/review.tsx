/** Review: what the machine is unsure of, the two sides beside each other, and what speaks for and against. */
import "../styles/work.css";
import { useState } from "preact/hooks";
import type { Delivery, Pair, Waiting } from "../api/types";
import { useRead } from "../api/use";
import { Certainty, Empty, EntityLink, Loading, Name, Notice, Problem, RecordLink } from "../parts/basics";
import { quantity } from "../format";
import { worded } from "../evidence/values";
import { useSay } from "../words";
import { compared } from "./sides";
import { VerdictForm } from "./verdict";
import { Waterfall } from "./waterfall";

export default function ReviewPage() {
  const say = useSay();
  const read = useRead<Waiting>("/review", { limit: 50 });
  const [key, setKey] = useState<string | null>(null);
  const pairs = read.data?.pairs ?? [];
  const deliveries = read.data?.deliveries ?? [];
  const at = key ?? pairs[0]?.key ?? deliveries[0]?.key ?? null;
  const pair = pairs.find((one) => one.key === at);
  const delivery = deliveries.find((one) => one.key === at);
  const done = () => {
    setKey(null);
    read.again();
  };
  return (
    <div class="two">
      <section class="two-list" aria-label={say("review.queue")}>
        <header class="page-head">
          <h1>{say("review.title")}</h1>
          <Notice />
        </header>
        <Problem error={read.error} again={read.again} />
        {read.loading && !read.data && <Loading />}
        {read.data && pairs.length + deliveries.length === 0 && (
          <Empty
            title={say(read.data.elsewhere ? "review.elsewhere" : "review.none")}
            say={say(read.data.elsewhere ? "review.elsewhere.say" : "review.none.say")}
          />
        )}
        {pairs.length > 0 && (
          <h2>
            {say("review.pairs")} <span class="count num">{pairs.length}</span>
          </h2>
        )}
        <ul class="cards">
          {pairs.map((one) => (
            <li key={one.key}>
              <button
                type="button"
                class="list-card"
                aria-pressed={one.key === at}
                onClick={() => setKey(one.key)}
              >
                <span class="row">
                  <Name text={one.entities[0].label} most={12} /> <span class="soft">≟</span>{" "}
                  <Name text={one.entities[1].label} most={12} />
                  <span class="grow" />
                  <span class="num soft">{say("review.bits", { n: one.bits.toFixed(1) })}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
        {deliveries.length > 0 && (
          <h2>
            {say("review.deliveries")} <span class="count num">{deliveries.length}</span>
          </h2>
        )}
        <ul class="cards">
          {deliveries.map((one) => (
            <li key={one.key}>
              <button
                type="button"
                class="list-card"
                aria-pressed={one.key === at}
                onClick={() => setKey(one.key)}
              >
                <span>
                  <Name text={one.from} most={12} /> → <Name text={one.to} most={12} />
                </span>
                <span class="soft small">
                  <Name text={one.said} most={34} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section class="two-detail" aria-label={say("review.title")}>
        {pair && <PairDetail key={pair.key} pair={pair} onDone={done} />}
        {delivery && <DeliveryDetail key={delivery.key} delivery={delivery} onDone={done} />}
      </section>
    </div>
  );
}

function PairDetail({ pair, onDone }: { pair: Pair; onDone: () => void }) {
  const say = useSay();
  const effect = (say.lang === "zh" && pair.effect.words_zh) || pair.effect.words;
  return (
    <article>
      <h2 class="versus">
        <EntityLink id={pair.entities[0].id} type={pair.entities[0].type} label={pair.entities[0].label} />
        <span class="soft">≟</span>
        <EntityLink id={pair.entities[1].id} type={pair.entities[1].type} label={pair.entities[1].label} />
      </h2>
      {pair.exclusive && (
        <p class="problem" role="note">
          {say("review.exclusive")}
        </p>
      )}
      <Sides pair={pair} />
      <h3>{say("review.waterfall")}</h3>
      <Waterfall pair={pair} />
      <h3>{say("review.effect")}</h3>
      <p>{effect}</p>
      <VerdictForm
        what={{ key: pair.key, a: pair.a, b: pair.b }}
        words={{ same: say("review.same"), different: say("review.different"), unsure: say("review.unsure") }}
        onDone={onDone}
      />
    </article>
  );
}

function Sides({ pair }: { pair: Pair }) {
  const say = useSay();
  const [a, b] = pair.sides;
  return (
    <>
      <h3>{say("review.fields")}</h3>
      <table class="grid sides">
        <thead>
          <tr>
            <th scope="col">{say("review.field")}</th>
            <th scope="col">
              {say("review.side.a")} {a && <RecordLink name={a.record} most={24} />}
            </th>
            <th scope="col">
              {say("review.side.b")} {b && <RecordLink name={b.record} most={24} />}
            </th>
            <th scope="col">
              <span class="sr">{say("review.why")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {compared(a?.fields ?? {}, b?.fields ?? {}).map((row) => (
            <tr key={row.name} class={`side-${row.how}`}>
              <th scope="row">{say.of("field", row.name)}</th>
              <td>
                <Name text={worded(row.name, row.a, say)} most={120} />
              </td>
              <td>
                <Name text={worded(row.name, row.b, say)} most={120} />
              </td>
              <td class="how">{say(`review.${row.how}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function DeliveryDetail({ delivery, onDone }: { delivery: Delivery; onDone: () => void }) {
  const say = useSay();
  return (
    <article>
      <h2 class="versus">
        <Name text={delivery.from} /> <span class="soft">— {say("link.supplied")} →</span>{" "}
        <Name text={delivery.to} />
      </h2>
      <p>
        {say.substance(delivery.substance)}{" "}
        <span class="num">{quantity(delivery.quantity, delivery.unit, say)}</span>
      </p>
      <p class="soft">
        {say("review.score", { n: "" })}
        <Certainty value={delivery.score} /> · <RecordLink name={delivery.record} />
      </p>
      <h3>{say("review.said")}</h3>
      <Said delivery={delivery} />
      <VerdictForm
        what={{ key: delivery.key, a: delivery.claim, b: null }}
        words={{
          same: say("review.confirmed"),
          different: say("review.refuted"),
          unsure: say("review.unsure"),
        }}
        onDone={onDone}
      />
    </article>
  );
}

/** The clause in its surroundings; the server puts it in brackets there. */
function Said({ delivery: { said, around } }: { delivery: Delivery }) {
  const at = around.indexOf(said);
  if (at < 0)
    return (
      <p class="record-text" dir="auto">
        {around}
      </p>
    );
  return (
    <p class="record-text" dir="auto">
      {around.slice(0, at)}
      <mark>{said}</mark>
      {around.slice(at + said.length)}
    </p>
  );
}

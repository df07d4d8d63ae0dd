/** Bits added up feature by feature, with the lines from which two are joined and from which a person is asked. */
import type { Pair } from "../api/types";
import { featureWord } from "../evidence/values";
import { cut } from "../format";
import { useSay } from "../words";
import { stacked } from "./sides";

const NAME = 130;
const WIDE = 360;
const ROW = 22;

export function Waterfall({ pair }: { pair: Pair }) {
  const say = useSay();
  const bars = stacked(pair.evidence);
  const ends = [0, pair.bits, pair.link_from, pair.review_from, ...bars.flatMap((bar) => [bar.from, bar.to])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (bits: number) => NAME + ((bits - low) / Math.max(1e-9, high - low)) * WIDE;
  const height = (bars.length + 1) * ROW + 26;
  const signed = (bits: number) => (bits > 0 ? `+${bits.toFixed(1)}` : bits.toFixed(1));
  return (
    <div class="waterfall">
      <svg width={NAME + WIDE + 70} height={height} aria-hidden="true" focusable="false">
        <line class="zero" x1={x(0)} x2={x(0)} y1="0" y2={height - 22} />
        {(
          [
            ["link", pair.link_from],
            ["from", pair.review_from],
          ] as const
        ).map(([name, bits]) => (
          <g key={name}>
            <line class={`threshold threshold-${name}`} x1={x(bits)} x2={x(bits)} y1="0" y2={height - 20} />
            <text
              class="axis"
              x={x(bits)}
              y={name === "link" ? height - 11 : height - 1}
              text-anchor="middle"
            >
              {say(`review.${name}`, { n: bits.toFixed(1) })}
            </text>
          </g>
        ))}
        {bars.map((bar, at) => (
          <g key={at}>
            <text class="bar-name" x={NAME - 8} y={at * ROW + 15} text-anchor="end">
              {cut(featureWord(bar.feature, say), 11)}
            </text>
            <rect
              class={bar.bits < 0 ? "bits-against" : "bits-for"}
              x={Math.min(x(bar.from), x(bar.to))}
              y={at * ROW + 4}
              width={Math.max(1.5, Math.abs(x(bar.to) - x(bar.from)))}
              height={ROW - 8}
            />
            <text class="bits" x={Math.max(x(bar.from), x(bar.to)) + 5} y={at * ROW + 15}>
              {signed(bar.bits)}
            </text>
          </g>
        ))}
        <text class="bar-name sum" x={NAME - 8} y={bars.length * ROW + 15} text-anchor="end">
          {say("review.sum")}
        </text>
        <rect
          class="bits-sum"
          x={Math.min(x(0), x(pair.bits))}
          y={bars.length * ROW + 4}
          width={Math.max(1.5, Math.abs(x(pair.bits) - x(0)))}
          height={ROW - 8}
        />
        <text class="bits sum" x={Math.max(x(0), x(pair.bits)) + 5} y={bars.length * ROW + 15}>
          {signed(pair.bits)}
        </text>
      </svg>
      <table class="grid">
        <caption class="sr">{say("review.waterfall")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("review.feature")}</th>
            <th scope="col" class="right">
              {say("review.bits", { n: "" })}
            </th>
            <th scope="col">{say("review.why")}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar, at) => (
            <tr key={at}>
              <th scope="row">{featureWord(bar.feature, say)}</th>
              <td class="right num">{signed(bar.bits)}</td>
              <td>{(say.lang === "zh" && bar.why_zh) || bar.why}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{say("review.sum")}</th>
            <td class="right num">{signed(pair.bits)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </div>
  );
}

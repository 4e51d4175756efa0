/** Small charts, drawn by hand as SVG; each says its numbers in words, too. */

import type { JSX } from "preact";

export interface Part {
  name: string;
  value: number;
  /** Class of its colour: `part-1` ... `part-5`. */
  tone: number;
}

const WIDTH = 600;

/** Shares of a whole as one bar with a legend. */
export function Shares({ title, parts, say }: { title: string; parts: Part[]; say: (value: number) => string }): JSX.Element {
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  let left = 0;
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} 18`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width={WIDTH} height="18" />
        {parts.map((part) => {
          const width = whole ? (part.value / whole) * WIDTH : 0;
          left += width;
          return <rect key={part.name} class={`part-${part.tone}`} x={left - width} width={Math.max(0, width - 1.5)} height="18" />;
        })}
      </svg>
      <ul class="legend">
        {parts.map((part) => (
          <li key={part.name}>
            <span class={`swatch part-${part.tone}`} aria-hidden="true" />
            {part.name} <b>{say(part.value)}</b>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** One column an hour. */
export function Columns({ title, values, names }: { title: string; values: number[]; names: string[] }): JSX.Element {
  const height = 120;
  const top = Math.max(1, ...values);
  const wide = WIDTH / Math.max(1, values.length);
  const sum = values.reduce((a, b) => a + b, 0);
  const best = values.indexOf(Math.max(...values));
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${sum} in all, at most ${top} an hour`}>
        <line class="rule" x1="0" x2={WIDTH} y1="0.5" y2="0.5" />
        <line class="rule" x1="0" x2={WIDTH} y1={height / 2} y2={height / 2} />
        {values.map((value, k) => (
          <rect key={names[k]} class="part-1" x={k * wide + 1} width={Math.max(1, wide - 2)} y={height - (value / top) * (height - 2)} height={(value / top) * (height - 2)}>
            <title>{`${names[k]}: ${value}`}</title>
          </rect>
        ))}
        <line class="rule strong" x1="0" x2={WIDTH} y1={height - 0.5} y2={height - 0.5} />
      </svg>
      <div class="axis">
        <span>{names[0]}</span>
        <span>{sum ? `most: ${top} (${names[best]})` : "none yet"}</span>
        <span>{names.at(-1)}</span>
      </div>
    </figure>
  );
}

/** How far something is, with its number large. */
export function Meter({ value, of, title, note }: { value: number; of: number; title: string; note?: string }): JSX.Element {
  const share = of ? Math.min(1, value / of) : 0;
  return (
    <figure class="chart meter">
      <figcaption>{title}</figcaption>
      <p class="big">
        {of ? `${(100 * share).toFixed(share > 0.99 && share < 1 ? 2 : 0)} %` : "–"}{" "}
        <small>
          {value.toLocaleString()} of {of.toLocaleString()}
        </small>
      </p>
      <svg viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" width={WIDTH} height="10" />
        <rect class="part-1" width={share * WIDTH} height="10" />
      </svg>
      {note && <p class="note">{note}</p>}
    </figure>
  );
}

/** The replay of a page at true speed: the stage, its controls, and the list of what happened. */

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { say } from "../../ui/words";
import { clock, duration } from "../words";
import { describe } from "./describe";
import { type Colours, draw } from "./draw";
import { Playback, SPEEDS } from "./playback";
import { momentsUpTo, scene } from "./scene";
import { pauses, type Timeline } from "./timeline";

export interface Replayed {
  line: Timeline;
  /** Picture id -> address. */
  pictures: ReadonlyMap<string, string>;
  shown: (label: string) => string;
  grid: readonly [number, number];
}

const PAUSE_MS = 3000;

export function Player({ replayed }: { replayed: Replayed }): JSX.Element {
  const { line } = replayed;
  const playback = useMemo(() => new Playback(line.length, pauses(line, PAUSE_MS)), [line]);
  const [, redraw] = useState(0);
  const images = useImages(replayed.pictures, () => redraw((n) => n + 1));
  const canvas = useRef<HTMLCanvasElement>(null);
  const refresh = (): void => redraw((n) => n + 1);

  useRunning(playback, refresh);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const now = scene(line, playback.at);
    fitCanvas(element, now.layout?.view ?? [4, 3]);
    draw(element, line, now, { ...replayed, images, colours: colours(element) });
  });
  useEffect(() => {
    const watch = new ResizeObserver(refresh);
    watch.observe(canvas.current!.parentElement!);
    return () => watch.disconnect();
  }, []);

  return (
    <div class="player">
      <div class="stage">
        <canvas ref={canvas} role="img" aria-label={say("replay.canvas")} />
        <Controls playback={playback} line={line} refresh={refresh} />
        <Status line={line} at={playback.at} shown={replayed.shown} />
      </div>
      <Events replayed={replayed} playback={playback} refresh={refresh} />
    </div>
  );
}

function Controls({ playback, line, refresh }: { playback: Playback; line: Timeline; refresh: () => void }): JSX.Element {
  const act = (action: () => void) => () => {
    action();
    refresh();
  };
  return (
    <div class="controls">
      <button type="button" class="primary" onClick={act(() => playback.toggle())}>
        {say(playback.playing ? "replay.pause" : "replay.play")}
      </button>
      <label class="scrub">
        <span class="hidden">{say("replay.time")}</span>
        <input
          type="range"
          min="0"
          max={Math.ceil(line.length)}
          step="10"
          value={playback.at}
          aria-valuetext={say("replay.at", { at: clock(playback.at), of: clock(line.length) })}
          onInput={(event) => act(() => playback.seek(Number(event.currentTarget.value)))()}
        />
        <Marks line={line} />
      </label>
      <output class="clock">
        {clock(playback.at)} / {clock(line.length)}
      </output>
      <div class="speeds" role="group" aria-label={say("replay.speed")}>
        {SPEEDS.map((speed) => (
          <button key={speed} type="button" aria-pressed={playback.speed === speed} onClick={act(() => (playback.speed = speed))}>
            {speed}×
          </button>
        ))}
      </div>
      <label class="check">
        <input type="checkbox" checked={playback.skipping} onChange={act(() => (playback.skipping = !playback.skipping))} />
        {say("replay.skip", { seconds: PAUSE_MS / 1000 })}
      </label>
    </div>
  );
}

/** Where on the scrub bar something was done, and where a new showing begins. */
function Marks({ line }: { line: Timeline }): JSX.Element {
  const place = (at: number): number => (line.length ? (1000 * at) / line.length : 0);
  const done = line.moments.filter(({ entry }) => "by" in entry && entry.k !== "pointer" && entry.k !== "panel");
  return (
    <svg class="marks" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      {line.segments.slice(1).map((segment) => (
        <line key={segment.number} class="mark-segment" x1={place(segment.start)} x2={place(segment.start)} y1="0" y2="10" />
      ))}
      {done.map(({ at }, k) => (
        <line key={k} class="mark" x1={place(at)} x2={place(at)} y1="2" y2="10" />
      ))}
    </svg>
  );
}

function Status({ line, at, shown }: { line: Timeline; at: number; shown: (label: string) => string }): JSX.Element {
  const now = scene(line, at);
  const number = line.segments.findIndex((one) => one.number === now.segment);
  const segment = line.segments[number];
  const said = [
    line.segments.length > 1 ? say("replay.showing", { number: number + 1, of: line.segments.length }) : "",
    segment && segment.gap > 0 ? say("replay.break", { time: duration(segment.gap) }) : "",
    now.layout ? say("replay.window", { width: now.layout.view[0], height: now.layout.view[1], dpr: now.layout.dpr }) : "",
    now.layout && now.layout.zoom !== 1 ? say("replay.zoom", { zoom: now.layout.zoom }) : "",
    now.panel === null ? "" : say("replay.panel", { number: now.panel + 1 }),
    now.label ? say("replay.decided", { name: shown(now.label) }) : "",
    now.selected.size ? say("replay.selected", { n: now.selected.size }) : "",
  ];
  return <p class="note">{said.filter(Boolean).join(" · ")}</p>;
}

function Events({ replayed, playback, refresh }: { replayed: Replayed; playback: Playback; refresh: () => void }): JSX.Element {
  const { line } = replayed;
  const rows = useMemo(() => {
    const numbers = new Map([...replayed.pictures.keys()].map((id, k) => [id, k + 1]));
    const names = { picture: (id: string) => say("replay.picture", { number: numbers.get(id) ?? "?" }), shown: replayed.shown };
    return line.moments
      .map((moment, index) => ({ ...moment, index, words: describe(moment.entry, names) }))
      .filter((row) => row.words !== null);
  }, [replayed]);
  const reached = momentsUpTo(line.moments, playback.at);
  const current = rows.filter((row) => row.index < reached).at(-1)?.index;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const row = list.current?.querySelector<HTMLElement>("[aria-current]");
    if (playback.playing && row && list.current) list.current.scrollTop = row.offsetTop - list.current.clientHeight / 2;
  }, [current]);
  return (
    <section class="events" aria-label={say("replay.events")}>
      <h2>{say("replay.events")}</h2>
      <ol ref={list} tabIndex={0} aria-label={say("replay.in_order")}>
        {rows.map((row) => (
          <li key={row.index}>
            <button
              type="button"
              aria-current={row.index === current ? "true" : undefined}
              onClick={() => {
                playback.seek(row.at);
                refresh();
              }}
            >
              <time>{clock(row.at)}</time> {row.words}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function useImages(pictures: ReadonlyMap<string, string>, loaded: () => void): ReadonlyMap<string, HTMLImageElement> {
  return useMemo(() => {
    const made = new Map<string, HTMLImageElement>();
    for (const [id, address] of pictures) {
      const image = new Image();
      image.onload = loaded;
      image.src = address;
      made.set(id, image);
    }
    return made;
  }, [pictures]);
}

/** Lets time pass while it plays. */
function useRunning(playback: Playback, refresh: () => void): void {
  useEffect(() => {
    if (!playback.playing) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function tick(now: number) {
      playback.advance(now - before);
      before = now;
      refresh();
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [playback, playback.playing]);
}

/** Gives the canvas the viewport's shape, at the width it has and at most four fifths of the window's height. */
function fitCanvas(canvas: HTMLCanvasElement, view: readonly [number, number]): void {
  const width = canvas.clientWidth || 1;
  const height = Math.min((width * view[1]) / Math.max(1, view[0]), 0.7 * window.innerHeight);
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
}

function colours(element: Element): Colours {
  const style = getComputedStyle(element);
  const named = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ground: named("ground"),
    line: named("line"),
    text: named("text"),
    pointer: named("hot"),
    selected: named("accent"),
    paint: named("paint"),
    muted: named("muted"),
  };
}

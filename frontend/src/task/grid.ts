/** Moving the focus through a grid with the keyboard, and the shape of its cells. */

/** Index that a key leads to from `at` in a grid of `columns`; null when the key is none of ours. It never leaves the grid. */
export function gridMove(key: string, at: number, count: number, columns: number): number | null {
  const to: Record<string, number> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    Home: 0,
    End: count - 1,
  };
  if (!Object.hasOwn(to, key)) return null;
  const found = to[key]!;
  return found >= 0 && found < count ? found : at;
}

/** How many elements share the first one's row. */
export function columnsOf(elements: readonly HTMLElement[]): number {
  const top = elements[0]?.offsetTop;
  const below = elements.findIndex((one) => one.offsetTop !== top);
  return Math.max(1, below < 0 ? elements.length : below);
}

/** Width / height of the cells: the middle one of the pictures', within [3/4, 3/2], so that most of them fill theirs. */
export function cellRatio(pictures: readonly { width: number; height: number }[]): number {
  const ratios = pictures.map(({ width, height }) => width / height).sort((a, b) => a - b);
  return Math.min(3 / 2, Math.max(3 / 4, ratios[ratios.length >> 1] ?? 1));
}

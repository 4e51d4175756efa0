/** Numbers and times as people read them. */

/** 5,400,000 ms -> "1 h 30 min". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return `${hours.toLocaleString()} h ${minutes % 60} min`;
}

/** 61,234 ms -> "1:01.2". */
export function clock(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const seconds = Math.floor(tenths / 10);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}.${tenths % 10}`;
}

/** 0.834 -> "83.4 %"; nothing -> a dash. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** 12.5 in EUR -> "EUR 12.50"; nothing -> a dash. */
export function money(amount: number | null, currency: string): string {
  return amount === null ? "–" : `${currency} ${amount.toFixed(2)}`;
}

/** Seconds since 1970 -> day and time where the reader is; nothing -> a dash. */
export function when(seconds: number | null): string {
  if (seconds === null) return "–";
  return new Date(1000 * seconds).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** Seconds since 1970 -> weekday and hour where the reader is. */
export function hour(seconds: number): string {
  return new Date(1000 * seconds).toLocaleString(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });
}

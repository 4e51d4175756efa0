/** A chunk's bytes as they travel: packed where the browser can do that, for entries are JSON and shrink to a fifth. */

export interface Load {
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether they are gzipped. */
  packed: boolean;
}

/** Packs a chunk; as it is, if it cannot be packed or would not become smaller. */
export async function pack(bytes: Uint8Array<ArrayBuffer>): Promise<Load> {
  if (typeof CompressionStream === "undefined") return { bytes, packed: false };
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  const smaller = new Uint8Array(await new Response(stream).arrayBuffer());
  return smaller.length < bytes.length ? { bytes: smaller, packed: true } : { bytes, packed: false };
}

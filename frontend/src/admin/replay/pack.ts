/** The body of a replay: chunks one after the other, each behind its length (uint32, little-endian). */

export function unpack(packed: Uint8Array): Uint8Array[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < packed.byteLength; ) {
    const length = view.getUint32(at, true);
    if (at + 4 + length > packed.byteLength) throw new Error(`chunk of ${length} bytes at byte ${at} is cut off; load the page again`);
    chunks.push(packed.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return chunks;
}

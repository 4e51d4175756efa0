/**
 * Whole numbers as bytes: small ones take one byte, whatever their sign.
 *
 * LEB128 writes seven bits a byte, least first, the top bit saying that more follow. Zigzag puts negative numbers
 * between the positive ones (0, -1, 1, -2, ... -> 0, 1, 2, 3, ...). Both by arithmetic on doubles, not by bit
 * operators, which JavaScript cuts to 32 bits: times pass 2^31.
 */

/** Most bytes that a number below 2^53 takes. */
export const LONGEST = 8;

/** The signed number `d` as an unsigned one. */
export function zigzag(d: number): number {
  return d < 0 ? -2 * d - 1 : 2 * d;
}

/** The signed number that `zigzag` made `z` of. */
export function unzigzag(z: number): number {
  return z % 2 === 0 ? z / 2 : -(z + 1) / 2;
}

/** Writes `value` at `bytes[at]`; there must be room for `LONGEST` bytes. Returns the place after it. */
export function write(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let place = at;
  while (rest >= 128) {
    bytes[place++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  bytes[place++] = rest;
  return place;
}

/** Reads numbers one after the other. */
export class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  next(): number {
    let value = 0;
    let unit = 1;
    for (let k = 0; k < LONGEST; k++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error(`a column ends within a number, at byte ${this.bytes.length}`);
      value += (byte % 128) * unit;
      if (byte < 128) return value;
      unit *= 128;
    }
    throw new Error(`a number of more than ${LONGEST} bytes before byte ${this.at}`);
  }
}

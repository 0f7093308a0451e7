/** Where a block begins; 0 is nowhere. */
export type Address = number;
export const NOWHERE: Address = 0;

/** A page seen as bytes and as words; an address is a place in one of them. */
export interface Page {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

const UNIT_BYTES = 32;
const UNIT_WORDS = UNIT_BYTES / 4;
const PAGE_BYTES = 1_048_576;
const UNITS_A_PAGE = PAGE_BYTES / UNIT_BYTES;
/** Up to so many units there is a size of block for each number of units, then for each doubling. */
const EVEN_SIZES = 16;

/**
 * Blocks of 32 to 65,536 bytes in a few large arrays, which the garbage collector need not look into. The first word of
 * a block says how large it is and is not the caller's.
 */
export class BlockMemory {
  static readonly largestBlock = 65_536;

  private readonly pages: Page[] = [];
  /** By size, the first of the blocks that were given back; the second word of each is the address of the next. */
  private readonly givenBack: Address[] = [];
  /** The first unit that was never used. Unit 0 never is, so that no block has the address 0. */
  private fresh = 1;

  pageOf(address: Address): Page {
    return this.pages[Math.floor(address / UNITS_A_PAGE)] as Page;
  }

  /** Index of the block's first word in its page. */
  wordAt(address: Address): number {
    return (address % UNITS_A_PAGE) * UNIT_WORDS;
  }

  /** Whether a record of so many bytes would get a block of just this size. */
  suits(address: Address, bytes: number): boolean {
    return this.pageOf(address).words[this.wordAt(address)] === sizeFor(bytes);
  }

  take(bytes: number): Address {
    const size = sizeFor(bytes);
    const again = this.givenBack[size] ?? NOWHERE;
    if (again !== NOWHERE) {
      this.givenBack[size] = this.pageOf(again).words[this.wordAt(again) + 1] as number;
      return again;
    }
    const units = unitsOf(size);
    const end = this.pages.length * UNITS_A_PAGE;
    if (this.fresh + units > end) {
      const bytesOfPage = new Uint8Array(PAGE_BYTES);
      this.pages.push({ bytes: bytesOfPage, words: new Uint32Array(bytesOfPage.buffer) });
      if (end > 0) this.fresh = end;
    }
    const address = this.fresh;
    this.fresh += units;
    this.pageOf(address).words[this.wordAt(address)] = size;
    return address;
  }

  giveBack(address: Address): void {
    const { words } = this.pageOf(address);
    const at = this.wordAt(address);
    const size = words[at] as number;
    words[at + 1] = this.givenBack[size] ?? NOWHERE;
    this.givenBack[size] = address;
  }
}

/** The number of the smallest size of block that holds so many bytes. */
function sizeFor(bytes: number): number {
  const units = Math.ceil(bytes / UNIT_BYTES);
  return units <= EVEN_SIZES ? units : EVEN_SIZES + Math.ceil(Math.log2(units / EVEN_SIZES));
}

function unitsOf(size: number): number {
  return size <= EVEN_SIZES ? size : EVEN_SIZES * 2 ** (size - EVEN_SIZES);
}

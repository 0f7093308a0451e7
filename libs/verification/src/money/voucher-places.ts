import { SharedNames, type VoucherPlace, type VoucherPlaces } from '@aidtrail/domain';
import { Numbers } from '../effects/numbers.js';
import { RecordTable } from '../replay/record-table.js';
import { readUuid } from '../replay/uuid.js';

const PREFIX = 'voucher-';
/** Of each voucher: the number of its batch, and the interval. */
const WIDTH = 3;
const NOTHING = new Uint8Array(0);

/** The places of vouchers in about a hundred bytes each, in memory that the garbage collector need not look into. */
export class PackedVoucherPlaces implements VoucherPlaces {
  /** The number of a record is its voucher's place in the list. */
  private readonly table = new RecordTable();
  private readonly places = new Numbers();
  private readonly batches = new SharedNames();
  private readonly key = new Uint32Array(4);
  /** Of streams that no ledger would name so. */
  private readonly others = new Map<string, VoucherPlace>();

  get(stream: string): VoucherPlace | undefined {
    const { table, places } = this;
    if (!this.readKey(stream)) return this.others.get(stream);
    const cell = table.find(this.key);
    if (!table.has(cell)) return undefined;
    const at = WIDTH * table.numberIn(cell);
    return { batch: this.batches.nameOf(places.at(at)), interval: [places.at(at + 1), places.at(at + 2)] };
  }

  set(stream: string, place: VoucherPlace): void {
    const { table, places } = this;
    if (!this.readKey(stream)) {
      this.others.set(stream, place);
      return;
    }
    table.put(table.find(this.key), this.key, places.length / WIDTH, NOTHING);
    places.push(this.batches.numberOf(place.batch));
    places.push(place.interval[0]);
    places.push(place.interval[1]);
  }

  private readKey(stream: string): boolean {
    return stream.startsWith(PREFIX) && readUuid(stream, PREFIX.length, this.key);
  }
}

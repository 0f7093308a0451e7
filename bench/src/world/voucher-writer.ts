import { randomBytes, randomUUID } from 'node:crypto';
import { nodeSha1, sodiumSigner } from '@aidtrail/crypto-node';
import {
  concepts,
  isRefusal,
  type Context,
  type Recorded,
  type SignerView,
  type VoucherEvent,
  type VoucherState,
} from '@aidtrail/domain';
import {
  base64Encode,
  canonicalBytes,
  COMMAND_TYPE,
  makePrivateFields,
  signBody,
  uuidV5,
  type Fact as LeafFact,
  type JsonObject,
  type JsonValue,
  type LeafJob,
  type PrivateFields,
  type Signer,
} from '@aidtrail/envelope';
import type { BenchLedger } from './bench-ledger.js';
import type { PreparedBatch } from './batches.js';
import type { Scribe } from './scribe.js';
import { CATEGORIES, holderSeed, type Setting, type Store } from './setting.js';

/** A voucher as the story knows it, with the state that its own decider folded. */
export interface Voucher {
  readonly id: string;
  readonly sealKey: Uint8Array;
  version: number;
  state: VoucherState;
}

/** A basket at a till: what the command discloses, salted once and used for many purchases. */
interface Sale {
  readonly store: Store;
  readonly amountMinor: number;
  readonly disclosed: Readonly<Record<string, JsonValue>>;
  readonly hidden: PrivateFields;
}

type Asked = Parameters<typeof decider.decide>[0];
type Facts = Parameters<typeof decider.decide>[2];

const { decider } = concepts.voucher;
const SALES = 2_000;

/**
 * Claims, redemptions and reversals of vouchers, decided by the real decider with the facts as the ledger has them, and
 * written in bulk. The commands inside are signed by tills and holders with keys of their own.
 */
export class VoucherWriter {
  private readonly sales: readonly Sale[];
  private readonly claims: readonly PrivateFields[];
  private facts: Facts = { context: { day: '', signers: [], treeSize: 0, k: 10 } };
  private versions: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly ledger: BenchLedger,
    private readonly setting: Setting,
    private readonly scribe: Scribe,
  ) {
    this.sales = Array.from({ length: SALES }, () => this.inventSale());
    this.claims = Array.from({ length: 200 }, () =>
      makePrivateFields({ fields: { time: '2026-06-01T08:00:00Z' }, randomBytes }),
    );
  }

  /** Takes the facts of this campaign, as they are now, for what is written next. */
  async look(campaign: string): Promise<void> {
    const of = async (name: string, stream: string) => [name, await this.ledger.system.ledger.stateOf(stream)] as const;
    const loaded = await Promise.all([
      of('calendar', 'calendar-main'),
      of('campaign', `campaign-${campaign}`),
      of('programme', `programme-${this.setting.programme}`),
      of('cutoff', 'cutoff-main'),
      of('ledger', 'ledger-main'),
      ...this.setting.stores.map(({ merchant }) => of(merchant, `merchant-${merchant}`)),
      ...[this.setting.service, ...this.setting.stores.flatMap(({ tills }) => tills)].map(({ keyId }) =>
        of(keyId, `key-${keyId}`),
      ),
    ]);
    const ledger = await this.ledger.system.ledger.stateOf('ledger-main');
    const { openingDay } = ledger.state as { readonly openingDay: string };
    const { day = openingDay } = loaded[0][1].state as { readonly day?: string };
    const context: Context = { day, signers: [], treeSize: 0, k: 10 };
    this.facts = { context, ...Object.fromEntries(loaded) };
    this.versions = new Map(loaded.map(([, { stream, version }]) => [stream, version]));
  }

  /** The vouchers of a batch that was issued, in order of number. */
  async vouchersOf(batch: PreparedBatch): Promise<readonly Voucher[]> {
    const vouchers: Voucher[] = [];
    while (vouchers.length < batch.count) {
      const plan = await this.ledger.system.people.issuancePlan(batch.id, vouchers.length, 5_000);
      for (const row of plan) {
        const { number, commitment } = row;
        const data = {
          batch: batch.id,
          campaign: batch.campaign.id,
          fund: batch.campaign.fund,
          number,
          commitment,
          interval: [number * batch.faceMinor, batch.faceMinor] as [number, number],
        };
        const event: Recorded<VoucherEvent> = { type: 'VoucherIssued', data, id: '', position: 0, day: '' };
        const state = decider.evolve(decider.initial, event);
        vouchers.push({ id: row.voucherId, sealKey: row.sealKey, version: 1, state });
      }
    }
    return vouchers;
  }

  async claim(voucher: Voucher): Promise<void> {
    const id = randomUUID();
    const hidden = this.setting.numbers.pick(this.claims);
    const { service } = this.setting;
    const signer = this.holderOf(voucher);
    const holder = base64Encode(signer.publicKey);
    const signers: SignerView[] = [
      { kind: 'enrolled', keyId: service.keyId, role: 'service' },
      { kind: 'holder', publicKey: holder },
    ];
    const data = { voucher: voucher.id, holder, channel: 'self' as const };
    await this.decideAndWrite(voucher, {
      command: { type: 'ClaimVoucher', id, data, private: { time: '2026-06-01T08:00:00Z' } },
      signers,
      by: [service, signer],
      hidden,
      facts: [`campaign-${campaignOf(voucher)}`, `key-${signer.keyId}`, 'ledger-main'],
    });
  }

  /** Buys what some basket costs, if the voucher holds that much. True if it did. */
  async redeem(voucher: Voucher): Promise<boolean> {
    if (voucher.state.status !== 'claimed') return false;
    const sale = this.setting.numbers.pick(this.sales);
    const { store, amountMinor, hidden, disclosed } = sale;
    if (voucher.state.unspent.reduce((sum, [, length]) => sum + length, 0) < amountMinor) return false;
    const till = this.setting.numbers.pick(store.tills);
    const { holder } = voucher.state;
    const signers: SignerView[] = [
      { kind: 'enrolled', keyId: till.keyId, role: 'till', organisation: store.merchant, store: store.id },
      { kind: 'holder', publicKey: holder },
    ];
    const data = { voucher: voucher.id, amountMinor, consent: 'holder' as const };
    await this.decideAndWrite(voucher, {
      command: { type: 'RedeemVoucher', id: randomUUID(), data, private: disclosed } as unknown as Asked,
      signers,
      by: [till, this.holderOf(voucher)],
      hidden,
      facts: [`campaign-${campaignOf(voucher)}`, `programme-${this.setting.programme}`],
      merchant: store.merchant,
    });
    return true;
  }

  /** Undoes the voucher's last redemption. */
  async reverse(voucher: Voucher): Promise<void> {
    if (voucher.state.status !== 'claimed') return;
    const redemption = voucher.state.redemptions.at(-1);
    const store = this.setting.stores.find(({ merchant }) => merchant === redemption?.merchant);
    const till = store?.tills[0];
    if (redemption === undefined || store === undefined || till === undefined) return;
    const amountMinor = redemption.segments.reduce((sum, [, length]) => sum + length, 0);
    const data = { voucher: voucher.id, redemption: redemption.id, amountMinor, reason: 'wrong-goods' };
    await this.decideAndWrite(voucher, {
      command: { type: 'ReverseRedemption', id: randomUUID(), data },
      signers: [{ kind: 'enrolled', keyId: till.keyId, role: 'till', organisation: store.merchant, store: store.id }],
      by: [till],
      facts: [`campaign-${campaignOf(voucher)}`, 'cutoff-main'],
    });
  }

  private async decideAndWrite(
    voucher: Voucher,
    order: {
      readonly command: Asked;
      readonly signers: readonly SignerView[];
      readonly by: readonly Signer[];
      readonly hidden?: PrivateFields;
      readonly facts: readonly string[];
      readonly merchant?: string;
    },
  ): Promise<void> {
    const { command, signers, by, hidden, merchant } = order;
    const context = { ...this.facts.context, signers };
    const fact =
      merchant === undefined ? {} : { merchant: (this.facts as unknown as Record<string, unknown>)[merchant] };
    const made = decider.decide(command, voucher.state, { ...this.facts, ...fact, context } as Facts);
    if (isRefusal(made)) throw new Error(`A synthetic ${command.type} was refused: ${made.refused}`);
    for (const event of made) {
      const job = this.jobOf(voucher, event, order);
      const recorded = {
        ...event,
        id: job.id,
        position: this.scribe.position,
        day: context.day,
      } as Recorded<VoucherEvent>;
      await this.scribe.write(this.withCommand(job, { command, by, ...(hidden === undefined ? {} : { hidden }) }));
      voucher.state = decider.evolve(voucher.state, recorded);
      voucher.version += 1;
    }
  }

  private jobOf(
    voucher: Voucher,
    event: VoucherEvent,
    order: {
      readonly command: Asked;
      readonly by: readonly Signer[];
      readonly facts: readonly string[];
      readonly merchant?: string;
    },
  ): Omit<LeafJob, 'command'> {
    const known = ['calendar-main', `key-${order.by[0]?.keyId ?? ''}`, ...order.facts];
    const facts = known.map((stream): LeafFact => [stream, this.versions.get(stream) ?? 0]);
    const own = this.ownPrivate(order.command, event, order.merchant);
    return {
      log: this.ledger.file.origin,
      id: uuidV5(order.command.id, '0', nodeSha1),
      type: event.type,
      stream: `voucher-${voucher.id}`,
      version: voucher.version + 1,
      day: this.facts.context.day,
      data: event.data,
      facts,
      ...(own === undefined ? {} : { privateFields: own }),
      sealKey: voucher.sealKey,
    };
  }

  /** What the ledger adds to what the command disclosed itself. */
  private ownPrivate(
    command: Asked,
    event: VoucherEvent,
    merchant: string | undefined,
  ): Readonly<Record<string, JsonValue>> | undefined {
    const made = ('private' in event ? (event.private ?? {}) : {}) as Readonly<Record<string, JsonValue>>;
    const disclosed = 'private' in command ? (command.private as object) : {};
    const own = Object.fromEntries(Object.entries(made).filter(([name]) => !Object.hasOwn(disclosed, name)));
    if (merchant !== undefined)
      own['facts'] = [[`merchant-${merchant}`, this.versions.get(`merchant-${merchant}`) ?? 0]];
    return Object.keys(own).length === 0 ? undefined : own;
  }

  private withCommand(
    job: Omit<LeafJob, 'command'>,
    of: { readonly command: Asked; readonly by: readonly Signer[]; readonly hidden?: PrivateFields },
  ): LeafJob {
    const { command, by, hidden } = of;
    const body = {
      v: 1 as const,
      log: job.log,
      type: command.type,
      id: command.id,
      key: by[0]?.keyId ?? '',
      anchor: this.ledger.anchor(),
      data: command.data as unknown as JsonObject,
      ...(hidden === undefined ? {} : { _sd: hidden._sd }),
    };
    const bytes = canonicalBytes(body);
    const sigs = by.map((signer) => signBody(COMMAND_TYPE, bytes, signer));
    return {
      ...job,
      command: { body, sigs },
      ...(hidden === undefined ? {} : { commandDisclosures: hidden.disclosures }),
    };
  }

  /** Whoever holds a voucher has a key that follows from its id. */
  private holderOf(voucher: Voucher): Signer {
    return sodiumSigner(holderSeed(this.setting.numbers, voucher.id));
  }

  private inventSale(): Sale {
    const { numbers, stores } = this.setting;
    const store = numbers.pick(stores);
    const basket = Array.from({ length: numbers.between(1, 3) }, () => ({
      category: numbers.pick(CATEGORIES),
      item: `6901${String(numbers.below(100_000_000)).padStart(9, '0')}`,
      quantity: numbers.between(1, 4),
      amountMinor: numbers.between(40, 240) * 10,
    }));
    const amountMinor = basket.reduce((sum, line) => sum + line.amountMinor, 0);
    const disclosed = { merchant: store.merchant, store: store.id, time: '2026-06-02T03:04:05Z', basket };
    return { store, amountMinor, disclosed, hidden: makePrivateFields({ fields: disclosed, randomBytes }) };
  }
}

function campaignOf(voucher: Voucher): string {
  return voucher.state.status === 'none' ? '' : voucher.state.campaign;
}

import { reactToBatchFunding, reactToIssuance } from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import { CauseBook, type OpenCause, type OpenCauses } from './causes.js';
import { idIn, type EffectDesk } from './effect-desk.js';
import { termsOf, type FundedBatches } from './funded-batches.js';
import { eventAs, type PolicyWatch } from './policy-watch.js';
import { Rows } from './rows.js';

interface Issuance extends OpenCause {
  readonly cause: ReturnType<typeof eventAs<'BatchFunded'>>;
  readonly fund: string;
  readonly count: number;
  readonly faceMinor: number;
  readonly rosterRoot: string;
  readonly rows: Rows;
  isDone: boolean;
}

/**
 * The last BatchFunded → every voucher of the batch, then its completion. Which ids the vouchers have only the ledger can
 * tell; that there is one of each number, and that their commitments are those of the roster, anyone sees.
 */
export class IssuanceWatch implements PolicyWatch {
  private readonly issuances: CauseBook<Issuance>;

  constructor(
    private readonly desk: EffectDesk,
    queue: OpenCauses,
    private readonly batches: FundedBatches,
  ) {
    this.issuances = new CauseBook(desk, queue);
  }

  cause(leaf: AuditedLeaf): void {
    const event = eventAs<'BatchFunded'>(leaf);
    const { part, parts, batch } = event.data;
    const terms = termsOf(this.desk.states.stateOf(`batch-${batch}`)?.state);
    if (part < parts || terms === undefined) return;
    const { count, faceMinor, rosterRoot, campaign } = terms;
    const { position } = event;
    const fund = idIn(event.stream);
    const issuance: Issuance = {
      policy: 'issuance',
      position,
      cause: event,
      fund,
      count,
      faceMinor,
      rosterRoot,
      rows: new Rows(count, this.desk.hasher),
      isDone: false,
      isComplete: () => issuance.isDone,
      reportMissing: () => this.reportMissing(issuance),
    };
    this.issuances.add(event.id, issuance);
    this.batches.add({ batch, fund, campaign, count, position });
  }

  effect(leaf: AuditedLeaf, ref: string): void {
    const issuance = this.issuances.causeOf(leaf, ref);
    if (issuance === undefined) return;
    if (leaf.event.type === 'VoucherIssued') this.issued(leaf, issuance);
    else this.completed(leaf, issuance, ref);
  }

  private issued(leaf: AuditedLeaf, issuance: Issuance): void {
    const { data, stream } = eventAs<'VoucherIssued'>(leaf);
    const { number, commitment } = data;
    const { cause, fund, count, faceMinor, rows } = issuance;
    const row = { number, voucher: idIn(stream), commitment, group: '', community: '', partner: '' };
    for (const effect of reactToBatchFunding({ cause, fund, count, faceMinor, rows: [row] }))
      this.desk.check(leaf, { cause: cause.id, effect });
    if (!rows.take(number, commitment)) {
      const code = number < count ? 'effect_repeated' : 'effect_not_due';
      this.desk.find(code, leaf.index, { subject: `batch-${cause.data.batch}`, actual: number });
    } else if (rows.isComplete) {
      const root = rows.root();
      if (root !== issuance.rosterRoot)
        this.desk.find('roster_root_differs', leaf.index, {
          subject: `batch-${cause.data.batch}`,
          expected: issuance.rosterRoot,
          actual: root,
        });
    }
  }

  private completed(leaf: AuditedLeaf, issuance: Issuance, ref: string): void {
    const { rows } = issuance;
    if (!rows.isComplete) this.desk.notDue(leaf, `${rows.count - rows.size} more VoucherIssued`);
    for (const effect of reactToIssuance(issuance)) this.desk.check(leaf, { cause: ref, effect });
    issuance.isDone = rows.isComplete;
    if (issuance.isDone) this.issuances.close(ref);
  }

  private reportMissing({ position, cause, rows, count }: Issuance): void {
    const subject = `batch-${cause.data.batch}`;
    if (!rows.isComplete) this.desk.find('effect_missing', position, { subject, expected: count, actual: rows.size });
    else this.desk.find('effect_missing', position, { subject, expected: 'BatchCompleted' });
  }
}

import type { BenchLedger } from './bench-ledger.js';
import type { Setting } from './setting.js';

export interface GiftRow {
  readonly paymentReference: string;
  readonly amountMinor: number;
}

export async function openFund(
  ledger: BenchLedger,
  setting: Setting,
  fund: {
    readonly kind: 'general' | 'administration';
    readonly name: string;
    readonly fee?: { readonly basisPoints: number; readonly administrationFund: string };
  },
): Promise<string> {
  const id = setting.numbers.uuid();
  await ledger.submit([setting.finance], {
    type: 'OpenFund',
    data: {
      fund: id,
      kind: fund.kind,
      name: fund.name,
      currency: 'CNY',
      feeBasisPoints: fund.fee?.basisPoints ?? 0,
      ...(fund.kind === 'administration' ? {} : { programme: setting.programme }),
      ...(fund.fee === undefined ? {} : { administrationFund: fund.fee.administrationFund }),
    },
  });
  return id;
}

/** Stages the gifts in the register of donors and records them; the policies still have to follow. Returns the intake. */
export async function receiveGifts(
  ledger: BenchLedger,
  setting: Setting,
  fund: string,
  gifts: readonly GiftRow[],
): Promise<string> {
  const intake = setting.numbers.uuid();
  const channel = 'online';
  const rows = async function* () {
    yield* gifts;
  };
  const staged = await ledger.system.donors.stageIntake({
    intakeId: intake,
    fundId: fund,
    channel,
    stagedBy: setting.channel.keyId,
    rows: rows(),
  });
  if (staged.status !== 'staged')
    throw new Error(`The intake was not staged: ${staged.status === 'refused' ? staged.code : staged.status}`);
  const { count, totalMinor, rowsRoot } = staged;
  await ledger.submit([setting.channel], {
    type: 'RecordIntake',
    id: intake,
    data: { fund, count, totalMinor, rowsRoot },
    private: { channel },
  });
  return intake;
}

/** The money goes on to another fund once the policies have run. */
export async function transfer(
  ledger: BenchLedger,
  setting: Setting,
  way: { readonly fund: string; readonly toFund: string; readonly amountMinor: number },
): Promise<void> {
  await ledger.submit([setting.finance], { type: 'SendTransfer', data: way });
}

export async function freeMoney(ledger: BenchLedger, fund: string): Promise<number> {
  const { state } = await ledger.system.ledger.stateOf(`fund-${fund}`);
  return (state as { readonly freeMinor: number }).freeMinor;
}

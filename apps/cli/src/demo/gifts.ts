import type { Actor } from './cast.js';
import { inventName } from './people.js';
import type { Random } from './random.js';
import { stageIntake, type GiftRow } from './staging.js';
import type { Story } from './story.js';
import { submit, type World } from './world.js';

const ONE_YUAN_MINOR = 100;
const COMPANY_MINOR = 35_000_000;

/** So many people give one yuan each, through one campaign page. */
export function singleYuanGifts(count: number): GiftRow[] {
  return Array.from({ length: count }, (_, i) => ({
    paymentReference: `online-20260601-${String(i).padStart(6, '0')}`,
    amountMinor: ONE_YUAN_MINOR,
  }));
}

export function companyGift(): GiftRow[] {
  return [
    {
      paymentReference: 'bank-20260601-0001',
      amountMinor: COMPANY_MINOR,
      displayName: '远山机械集团股份有限公司',
      namedConsent: true,
    },
  ];
}

/** So many people give between 10 and 2,000 yuan for the flood; one in five lets the name be shown. */
export function peoplesGifts(count: number, random: Random): GiftRow[] {
  return Array.from({ length: count }, (_, i) => {
    const round = random.pick(ROUND_AMOUNTS_MINOR);
    // Most give a round sum, some their own number to the fen.
    const amountMinor = random.chance(95) ? round : random.between(1_000, 200_000);
    const named = random.chance(20);
    return {
      paymentReference: `wechat-20260604-${String(i).padStart(6, '0')}`,
      amountMinor,
      ...(named ? { displayName: inventName(random), namedConsent: true } : {}),
    };
  });
}

/** Small sums are given more often than large ones. */
const ROUND_AMOUNTS_MINOR = [
  [1_000, 1_000, 1_000, 1_000],
  [2_000, 2_000, 2_000, 2_000],
  [5_000, 5_000, 5_000, 5_000],
  [10_000, 10_000, 10_000, 10_000],
  [20_000, 20_000],
  [50_000],
].flat();

/** Stages the rows and records the intake under the same id: what was staged is what is signed. Returns the id. */
export async function receiveGifts(
  world: World,
  story: Story,
  gifts: { readonly channel: Actor; readonly code: string; readonly fund: string; readonly rows: readonly GiftRow[] },
): Promise<string> {
  const intake = world.entropy.uuid();
  const { channel, code, fund, rows } = gifts;
  const staged = await stageIntake(world, channel.signer, { intake, fund, channel: code, rows });
  const totalMinor = rows.reduce((total, row) => total + row.amountMinor, 0);
  if (staged.count !== rows.length || staged.totalMinor !== totalMinor)
    throw new Error('The staged intake differs from what the channel sent.');
  await submit(world, [channel.signer], {
    type: 'RecordIntake',
    id: intake,
    data: { fund, count: staged.count, totalMinor, rowsRoot: staged.rowsRoot },
    private: { channel: code },
  });
  story.tally.intakeMinor += totalMinor;
  story.tally.donations += rows.length;
  return intake;
}

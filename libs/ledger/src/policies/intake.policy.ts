import { reactToIntake, type FundEvent, type OfType } from '@aidtrail/domain';
import { as, idIn, type PolicyTools } from './tools.js';
import type { DurablePolicy } from './runner.js';

/** IntakeReceived → the fee reaches the administration line; each staged gift gets its DonationReceived. */
export function intakePolicy({ donors, effects, rowsAtATime }: PolicyTools): DurablePolicy {
  return {
    name: 'intake',
    on: ['IntakeReceived'],
    handle: async ({ event, stream }) => {
      const cause = as<OfType<FundEvent, 'IntakeReceived'>>(event);
      let runningGrossMinor = 0;
      for (let from = 0; from < cause.data.count; from += rowsAtATime) {
        const staged = await donors.intakePlan(cause.data.intake, from, rowsAtATime);
        if (staged.length === 0) throw new Error('An intake has fewer staged rows than its event says.');
        const keys = new Map(staged.map((row) => [`donation-${row.donationId}`, row.sealKey]));
        const rows = staged.map(({ donationId, sealKey: _, ...row }) => ({ ...row, donation: donationId }));
        const reaction = reactToIntake({ cause, fund: idIn(stream), rows, runningGrossMinor });
        runningGrossMinor = reaction.runningGrossMinor;
        const caused = reaction.effects.map((effect) => ({
          causeId: cause.id,
          effect,
          ...keyFor(keys, effect.stream),
        }));
        for (const fee of caused.filter(({ effect }) => !keys.has(effect.stream))) await effects.applyOrThrow(fee);
        await effects.applyNew(caused.filter(({ effect }) => keys.has(effect.stream)));
      }
    },
  };
}

function keyFor(keys: ReadonlyMap<string, Uint8Array>, stream: string): { readonly sealKey?: Uint8Array } {
  const sealKey = keys.get(stream);
  return sealKey === undefined ? {} : { sealKey };
}

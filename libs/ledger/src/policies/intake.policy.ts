import { reactToIntake, type IntakeReceived } from '@aidtrail/domain';
import type { DonorRegister } from '../ports.js';
import type { Streams } from '../streams.js';
import type { Effects } from './effects.js';
import type { Cause, DurablePolicy } from './runner.js';

/**
 * IntakeReceived → the fee reaches the administration line, and each staged gift becomes a DonationReceived with its own
 * interval. A crash between chunks leaves the intake half recorded; running again skips what exists.
 */
export function intakePolicy(tools: {
  readonly donors: DonorRegister;
  readonly streams: Streams;
  readonly effects: Effects;
}): DurablePolicy {
  return {
    name: 'intake',
    on: ['IntakeReceived'],
    handle: async ({ event, stream }: Cause) => {
      const cause = event as unknown as IntakeReceived;
      let runningGrossMinor = 0;
      for (let from = 0; from < cause.data.count; from += ROWS_AT_A_TIME) {
        const rows = await tools.donors.intakePlan(cause.data.intake, from, ROWS_AT_A_TIME);
        if (rows.length === 0) throw new Error('An intake has fewer staged rows than its event says.');
        const keys = new Map(rows.map((row) => [`donation-${row.donationId}`, row.sealKey]));
        const reaction = reactToIntake({
          cause,
          fund: stream.slice('fund-'.length),
          rows: rows.map((row) => ({ ...row, donation: row.donationId })),
          runningGrossMinor,
        });
        runningGrossMinor = reaction.runningGrossMinor;
        const donations = reaction.effects.filter((effect) => keys.has(effect.stream));
        for (const effect of reaction.effects) {
          if (!keys.has(effect.stream)) await tools.effects.applyOrThrow({ causeId: cause.id, effect });
        }
        await tools.effects.applyNew(
          donations.map((effect) => ({ causeId: cause.id, effect, sealKey: keys.get(effect.stream) as Uint8Array })),
        );
      }
    },
  };
}

const ROWS_AT_A_TIME = 5_000;

import type { RunningApi } from '@aidtrail/api';
import type { Reproducible } from '@aidtrail/nest';
import { openingDay } from './places.js';
import { seededRandom } from './random.js';

/**
 * The order in which a deterministic demo goes: one command after the other, after each all that follows from it, and
 * checkpoints where the story says so. Nothing happens beside it, so every run writes the same leaves.
 */
export interface Steps {
  /** Does all that follows from what was done. */
  rest(): Promise<void>;
  /** Signs a checkpoint over all that there is, the public figures included. */
  checkpoint(): Promise<void>;
  /** Moves the clock of the server to the morning of a day, YYYY-MM-DD. */
  startDay(day: string): void;
}

/** The server's clock, which stands still until the story moves it. */
export class ScriptedClock {
  private milliseconds = morningOf(openingDay);

  readonly now = (): number => this.milliseconds;

  startDay(day: string): void {
    this.milliseconds = morningOf(day);
  }
}

export function stepsOf({ system }: Pick<RunningApi, 'system'>, clock: ScriptedClock): Steps {
  const { ledger } = system;
  return {
    rest: () => ledger.settle(),
    checkpoint: async () => {
      await system.publishFigures();
      // Policies have seen those leaves as well.
      await ledger.settle();
      await ledger.checkpoint({ force: true });
    },
    startDay: (day) => clock.startDay(day),
  };
}

/** The server's random numbers, which everybody can compute. */
export const seededServer: Reproducible = {
  openingId: seededRandom('aidtrail demo opening').uuid(),
  bytesFor: (purpose) => {
    const random = seededRandom(`aidtrail demo server ${purpose}`);
    return (length) => random.bytes(length);
  },
};

/** 08:00 in Beijing. */
function morningOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

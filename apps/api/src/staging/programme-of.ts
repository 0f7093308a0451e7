import type { CampaignState } from '@aidtrail/domain';
import { Problem, type System } from '@aidtrail/nest';

/** The programme of a campaign. Throws `Problem` `not_found` for a campaign that there is not. */
export async function programmeOf({ ledger }: Pick<System, 'ledger'>, campaign: string): Promise<string> {
  const { state } = await ledger.stateOf(`campaign-${campaign}`);
  const known = state as CampaignState;
  if (known.status === 'none') throw new Problem('not_found', { detail: 'There is no such campaign.' });
  return known.programme;
}

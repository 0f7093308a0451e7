import type { SettlementState } from '@aidtrail/domain';

/**
 * Whether a settlement may be the one that a reversal asked for by `redemption=<leaf index>&merchant=<uuid>&mode=<funding
 * mode>`: its id is a secret of the ledger, but its window and its merchant are not. One that does not exist may be any.
 */
export function coversRedemption(state: SettlementState, query: string): boolean {
  const parameters = new Map(query.split('&').map((part) => part.split('=', 2) as [string, string]));
  const settlement = state.status === 'held' ? state.resume : state;
  if (settlement.status === 'none') return true;
  const { window, fundingMode } = settlement.figures;
  const position = Number(parameters.get('redemption'));
  return (
    position >= window[0] &&
    position < window[1] &&
    fundingMode === parameters.get('mode') &&
    (settlement.merchant ?? parameters.get('merchant')) === parameters.get('merchant')
  );
}

import { describe, expect, it } from '@jest/globals';
import type { System, WithinCampaigns } from '@aidtrail/nest';
import * as limits from './campaign-limits.js';

const [own, second, other, fund, generalFund, id] = Array.from(
  { length: 6 },
  (_, i) => `${i}c0d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e01`,
) as [string, string, string, string, string, string];

/** A ledger in which the thing asked for belongs to `campaign` and `of.fund`. */
function systemOf(of: { campaign?: string; fund?: string; rosters?: readonly string[] }): System {
  const states = new Map<string, object>([
    [`campaign-${own}`, { status: 'open', fund }],
    [`campaign-${other}`, { status: 'open', fund: other }],
  ]);
  if (of.campaign !== undefined) {
    states.set(`batch-${id}`, { status: 'drafted', terms: { campaign: of.campaign } });
    states.set(`voucher-${id}`, { status: 'issued', campaign: of.campaign });
  }
  if (of.fund !== undefined) states.set(`donation-${id}`, { status: 'received', fund: of.fund });
  const stateOf = (stream: string) => Promise.resolve({ state: states.get(stream) ?? { status: 'none' } });
  const owner = of.fund === undefined ? undefined : { fundId: of.fund };
  return {
    ledger: { stateOf },
    donors: { intakeOwner: () => Promise.resolve(owner) },
    people: { campaignsOf: () => Promise.resolve(of.rosters ?? []) },
  } as never;
}

describe('what lies within the campaigns of a key', () => {
  const ask = (limit: WithinCampaigns, system: System, query: Record<string, unknown> = {}, path = id) =>
    limit(system, { params: { id: path }, query }, [own, second]);

  it.each(['batchInPath', 'voucherInPath'] as const)('%s: what belongs to one of them', async (name) => {
    expect(await ask(limits[name], systemOf({ campaign: own }))).toBe(true);
    expect(await ask(limits[name], systemOf({ campaign: other }))).toBe(false);
    expect(await ask(limits[name], systemOf({}))).toBe(false);
    expect(await ask(limits[name], systemOf({ campaign: own }), {}, '../main')).toBe(false);
  });

  it.each(['donationInPath', 'intakeInPath'] as const)(
    '%s: gifts to a fund that pays for one of them',
    async (name) => {
      expect(await ask(limits[name], systemOf({ fund }))).toBe(true);
      expect(await ask(limits[name], systemOf({ fund: generalFund }))).toBe(false);
      expect(await ask(limits[name], systemOf({ fund: other }))).toBe(false);
      expect(await ask(limits[name], systemOf({}))).toBe(false);
    },
  );

  it('campaigns and funds that the address names, once', async () => {
    expect(await ask(limits.campaignInPath, systemOf({}), {}, own)).toBe(true);
    expect(await ask(limits.campaignInPath, systemOf({}), {}, other)).toBe(false);
    expect(await ask(limits.campaignInQuery, systemOf({}), { campaign: second })).toBe(true);
    expect(await ask(limits.campaignInQuery, systemOf({}), { campaign: [own, other] })).toBe(false);
    expect(await ask(limits.campaignInQuery, systemOf({}))).toBe(false);
    expect(await ask(limits.fundInQuery, systemOf({}), { fund })).toBe(true);
    expect(await ask(limits.fundInQuery, systemOf({}), { fund: other })).toBe(false);
    expect(await ask(limits.fundInQuery, systemOf({}))).toBe(false);
  });

  it('people on a roster of one of them may be read, and erased if they are on no other', async () => {
    const asked = async (rosters: readonly string[]) => [
      await ask(limits.personInPath, systemOf({ rosters })),
      await ask(limits.wholePersonInPath, systemOf({ rosters })),
    ];
    expect(await asked([own])).toEqual([true, true]);
    expect(await asked([own, second])).toEqual([true, true]);
    expect(await asked([own, other])).toEqual([true, false]);
    expect(await asked([other])).toEqual([false, false]);
    expect(await asked([])).toEqual([false, false]);
  });
});

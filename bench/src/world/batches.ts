import type { BenchLedger } from './bench-ledger.js';
import { rosterOf } from './roster.js';
import type { Setting } from './setting.js';

export interface Campaign {
  readonly id: string;
  readonly fund: string;
}

export interface PreparedBatch {
  readonly id: string;
  readonly campaign: Campaign;
  readonly count: number;
  readonly faceMinor: number;
}

export async function openCampaign(
  ledger: BenchLedger,
  setting: Setting,
  terms: { readonly fund: string; readonly name: string; readonly firstDay: string; readonly lastDay: string },
): Promise<Campaign> {
  const id = setting.numbers.uuid();
  const { fund, name, firstDay, lastDay } = terms;
  await ledger.submit([setting.programmeOfficers[0]], {
    type: 'OpenCampaign',
    data: {
      campaign: id,
      programme: setting.programme,
      fund,
      name,
      phase: 'recovery',
      hazard: 'flood',
      region: '522632',
      purpose: 'food',
      terms: { firstDay, lastDay, fundingMode: 'merchant-funded', assistedAllowed: true },
    },
  });
  return { id, fund };
}

/** Imports a roster of people whom the registry does not know yet, draws the batch and drafts it. */
export async function draftBatch(
  ledger: BenchLedger,
  setting: Setting,
  of: { readonly campaign: Campaign; readonly count: number; readonly firstPerson: number; readonly faceMinor: number },
): Promise<{ readonly batch: PreparedBatch; readonly approve: () => Promise<void> }> {
  const { campaign, count, faceMinor } = of;
  const { people } = ledger.system;
  const scope = { programmeId: setting.programme, campaignId: campaign.id };
  const bytes = rosterOf(count, of.firstPerson);
  const imported = await people.importRoster({ ...scope, bytes, importedBy: 'registrar-tan' });
  if (imported.status !== 'imported')
    throw new Error(`The roster was not imported: ${JSON.stringify(imported).slice(0, 500)}`);
  const id = setting.numbers.uuid();
  const prepared = await people.prepareBatch({
    ...scope,
    rosterId: imported.rosterId,
    batchId: id,
    partnerId: setting.partner,
    kind: 'voucher',
  });
  if (prepared.status !== 'prepared') throw new Error(`The batch was not prepared: ${prepared.code}`);
  const terms = {
    batch: id,
    campaign: campaign.id,
    fund: campaign.fund,
    count,
    faceMinor,
    totalMinor: count * faceMinor,
    rosterRoot: prepared.rosterRoot,
  };
  await ledger.submit([setting.registrar], {
    type: 'DraftBatch',
    data: terms,
    private: { partner: setting.partner, communities: [...prepared.communities] },
  });
  return {
    batch: { id, campaign, count, faceMinor },
    approve: async () => {
      await ledger.submit([setting.programmeOfficers[1]], { type: 'ApproveBatch', data: terms });
    },
  };
}

export async function startDay(ledger: BenchLedger, setting: Setting, day: string): Promise<void> {
  await ledger.submit([setting.service], { type: 'StartDay', data: { day } });
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

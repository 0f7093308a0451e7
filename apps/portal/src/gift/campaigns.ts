import { askApi } from '../shell/server.js';
import { recordOf, textOf } from '../shell/shapes.js';

/** The public terms of a campaign. */
export interface Campaign {
  readonly name: string;
  readonly phase: string;
  readonly hazard: string;
  readonly region: string;
}

function readCampaign(value: unknown): Campaign | undefined {
  const terms = recordOf(value);
  const [name, phase] = [textOf(terms?.['name']), textOf(terms?.['phase'])];
  const [hazard, region] = [textOf(terms?.['hazard']), textOf(terms?.['region'])];
  if (name === undefined || phase === undefined || hazard === undefined || region === undefined) return undefined;
  return { name, phase, hazard, region };
}

/** Untrusted: the ids. Those whose terms could not be read are left out; the trace stands without them. */
export async function readCampaigns(ids: readonly string[]): Promise<ReadonlyMap<string, Campaign>> {
  const read = await Promise.all(
    [...new Set(ids)].map(
      async (id) => [id, await askApi(`campaigns/${encodeURIComponent(id)}`, readCampaign)] as const,
    ),
  );
  return new Map(read.flatMap(([id, answer]) => (answer.kind === 'answered' ? [[id, answer.value] as const] : [])));
}

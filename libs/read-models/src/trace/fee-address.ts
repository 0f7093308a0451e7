import type pg from 'pg';
import { amountMinorOrThrow, feeOf } from '@aidtrail/domain';
import { DONATIONS_PER_CHUNK } from '../tables/index.js';

export interface FeeQuestion {
  readonly intake: string;
  readonly number: number;
  readonly amountMinor: number;
  readonly feeMinor: number;
  readonly feeBasisPoints: number;
  /** Net fen of the intake before this donation; undefined if all of the donation is fee. */
  readonly netBefore: number | undefined;
}

/**
 * Fee fen of the intake before this donation's own: ⌊G·bp/10000⌋ of the running gross G before it. Where an earlier
 * donation is not readable (erased), G follows from the net before it; two neighbouring values of G may fit, and then the
 * one that also explains this donation's own fee is taken, or else the smaller, which may be one fen off. Undefined if
 * neither way is open.
 */
export async function feeBefore(client: pg.ClientBase, question: FeeQuestion): Promise<number | undefined> {
  const { rows } = await client.query<{ known: number; gross: number }>({
    name: 'trace_running_gross',
    text: `select coalesce(sum(known), 0)::bigint as known, coalesce(sum(gross), 0)::bigint as gross from (
             select sum(known_count) as known, sum(gross_minor) as gross from read.donation_chunks
             where intake = $1 and chunk < $3
             union all
             select count(amount_minor), sum(amount_minor) from read.donations
             where intake = $1 and number >= $3::int * ${DONATIONS_PER_CHUNK} and number < $2) as before`,
    values: [question.intake, question.number, Math.floor(question.number / DONATIONS_PER_CHUNK)],
  });
  const before = rows[0];
  if (before?.known === question.number) return feeOf(amountMinorOrThrow(before.gross), question.feeBasisPoints);
  return question.netBefore === undefined ? undefined : feeFromNet(question, question.netBefore);
}

function feeFromNet({ amountMinor, feeBasisPoints, feeMinor }: FeeQuestion, netBefore: number): number {
  const keep = BigInt(10_000 - feeBasisPoints);
  const guess = keep === 0n ? netBefore : Number((BigInt(netBefore) * 10_000n) / keep);
  const fits: number[] = [];
  for (let gross = Math.max(0, guess - 2); gross <= guess + 2; gross += 1) {
    const fee = feeOf(amountMinorOrThrow(gross), feeBasisPoints);
    if (gross - fee !== netBefore) continue;
    if (feeOf(amountMinorOrThrow(gross + amountMinor), feeBasisPoints) - fee === feeMinor) return fee;
    fits.push(fee);
  }
  return fits[0] ?? Math.max(0, guess - netBefore);
}

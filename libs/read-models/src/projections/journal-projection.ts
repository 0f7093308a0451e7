import { postings, type AnyEvent } from '@aidtrail/domain';
import type { ProjectedEvent } from '../projected-event.js';
import type { Work } from '../projector/work.js';

/** Double entry: the postings of the event, and the balance of each account that they touch. */
export function journalise(event: ProjectedEvent, work: Work): void {
  const entry = postings(event as unknown as AnyEvent);
  if (entry.length === 0) return;
  work.journal.push({
    position: event.position,
    day: event.day,
    type: event.type,
    postings: entry.map(({ account, amountMinor, merchant }) => [account, amountMinor, merchant ?? '']),
  });
  for (const { account, amountMinor, merchant } of entry) {
    const balance = work.accountBalances.at(account, merchant ?? '');
    balance.balance_minor += amountMinor;
    balance.posting_count += 1;
  }
}

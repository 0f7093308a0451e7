import type { AnyEvent } from '@aidtrail/domain';
import { ProjectionFault, type ProjectedEvent } from '../projected-event.js';
import type { Work } from '../projector/work.js';
import { cutoffProjections } from './cutoff-projection.js';
import { donationProjections } from './donation-projection.js';
import { countFigures, figuresProjections } from './figures-projection.js';
import { fundProjections } from './fund-projection.js';
import { journalise } from './journal-projection.js';
import { merchantProjections } from './merchant-projection.js';
import {
  batchProjections,
  campaignProjections,
  periodProjections,
  programmeProjections,
} from './programme-projection.js';
import { ignored, type Projections } from './projection.js';
import { settlementProjections } from './settlement-projection.js';
import { voucherProjections } from './voucher-projection.js';

/** Exhaustive: an event type that is added to the domain does not compile until it stands here. */
const projections: Projections<AnyEvent> = {
  ...batchProjections,
  ...campaignProjections,
  ...cutoffProjections,
  ...donationProjections,
  ...figuresProjections,
  ...fundProjections,
  ...merchantProjections,
  ...periodProjections,
  ...programmeProjections,
  ...settlementProjections,
  ...voucherProjections,
  LedgerOpened: ignored,
  RootKeyRotated: ignored,
  EventKeyRotated: ignored,
  DayStarted: ignored,
  KeyEnrolled: ignored,
  KeyApproved: ignored,
  KeyRevoked: ignored,
};

const byType = new Map(Object.entries(projections) as [string, (event: unknown, work: Work) => void][]);

/** @throws ProjectionFault at the first event of a type that this version does not know. */
export function checkTypesOrThrow(events: readonly ProjectedEvent[]): void {
  for (const { position, type } of events)
    if (!byType.has(type))
      throw new ProjectionFault(`Unknown event type ${type} at position ${position}: this version is too old.`);
}

/** Applies one event, of a known type, to the rows in memory. */
export function project(event: ProjectedEvent, work: Work): void {
  byType.get(event.type)?.(event, work);
  journalise(event, work);
  countFigures(event, work);
}

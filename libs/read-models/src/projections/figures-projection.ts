import { createHash } from 'node:crypto';
import type { FiguresEvent } from '@aidtrail/domain';
import {
  countLeaf,
  cutFigures,
  figuresBytes,
  figuresOfLedger,
  type CountedLeaf,
  type FigureState,
} from '@aidtrail/figures';
import type { ProjectedEvent } from '../projected-event.js';
import type { Work } from '../projector/work.js';
import type { Projections } from './projection.js';

/** The one row of the state. */
const ONLY = 0;

export const figuresProjections: Projections<FiguresEvent> = {
  /** The marker itself is not counted: the figures are those of the leaves before it. */
  FiguresCut({ position }, work) {
    const row = work.figureStates.get(String(ONLY));
    if (row === undefined) return;
    const { figures, disclosed } = cutFigures(row.state as FigureState, { index: position, sha256 });
    const main = documentOf(figuresBytes(figures));
    const second = disclosed === undefined ? undefined : documentOf(figuresBytes(disclosed));
    work.figureStates.put(row);
    work.figureDocuments.push({
      cut: position,
      digest: main.digest,
      document: main.text,
      disclosed_digest: second?.digest ?? null,
      disclosed_document: second?.text ?? null,
    });
  },

  FiguresPublished({ data, position }, work) {
    const { cut, digest, disclosedDigest } = data;
    work.figurePublications.push({ position, cut, digest, disclosed_digest: disclosedDigest ?? null });
  },
};

/** Counts an event whose own rows were changed already. A log that begins with no opening has no figures. */
export function countFigures(event: ProjectedEvent, work: Work): void {
  const leaf = event as unknown as CountedLeaf;
  if (leaf.type === 'LedgerOpened') work.figureStates.put({ id: ONLY, state: figuresOfLedger(leaf.data) });
  const row = work.figureStates.get(String(ONLY));
  if (row === undefined) return;
  countLeaf(row.state as FigureState, leaf, { batchOf: (voucher) => work.vouchers.get(voucher)?.batch });
  work.figureStates.put(row);
}

function documentOf(bytes: Uint8Array): { readonly digest: string; readonly text: string } {
  return { digest: Buffer.from(sha256(bytes)).toString('base64'), text: Buffer.from(bytes).toString() };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

import { randomBytes, randomUUID } from 'node:crypto';
import { countedFigures, type ReadDatabase } from '@aidtrail/read-models';
import type { Config } from '../config/config.js';
import { makeFiguresKey, readFiguresKeyOrThrow } from '../identity/figures-key.js';
import { FiguresPublisher, type FiguresPublisherParts } from './figures-publisher.js';
import { FiguresWatch } from './published-figures.js';

/** Longer than a slot waits: read models that lag do so for seconds, unless something is wrong. */
const PATIENCE_MILLISECONDS = 30_000;

export interface OpenedFigures {
  readonly watch: FiguresWatch;
  /** What the ledger asks before it signs a slot; absent in a process that never leads. */
  readonly publish?: () => Promise<void>;
}

export type PublicFiguresParts = Pick<FiguresPublisherParts, 'origin' | 'ledger' | 'store' | 'onWarning'> & {
  readonly reads: ReadDatabase;
  readonly publishedSize: () => number;
};

/** The public figures of a ledger: to be looked at in each process, and to be published by the one that leads. */
export async function openPublicFigures(config: Config, parts: PublicFiguresParts): Promise<OpenedFigures> {
  const { reads, publishedSize, ...ofPublisher } = parts;
  const watch = new FiguresWatch({ reads, publishedSize });
  if (config.role === 'api') return { watch };
  await makeFiguresKey(config.dataDirectory, randomBytes);
  const publisher = new FiguresPublisher({
    ...ofPublisher,
    counted: () => countedFigures(reads),
    signer: await readFiguresKeyOrThrow(config.dataDirectory),
    newId: randomUUID,
    patienceMilliseconds: PATIENCE_MILLISECONDS,
  });
  return { watch, publish: () => publisher.publish() };
}

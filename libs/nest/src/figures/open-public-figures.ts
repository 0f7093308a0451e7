import { randomBytes } from 'node:crypto';
import { RandomSource } from '@aidtrail/privacy';
import { countedFigures, type ReadDatabase } from '@aidtrail/read-models';
import type { Config } from '../config/config.js';
import type { Reproducible } from '../system/reproducible.js';
import { makeFiguresKey, readFiguresKeyOrThrow } from '../identity/figures-key.js';
import { FiguresPublisher, type FiguresPublisherParts } from './figures-publisher.js';
import { FiguresWatch } from './published-figures.js';

/** Longer than a slot waits: read models that lag do so for seconds, unless something is wrong. */
const PATIENCE_MILLISECONDS = 30_000;

export interface OpenedFigures {
  readonly watch: FiguresWatch;
  /** What the ledger asks before it signs a slot; does nothing in a process that never leads. */
  readonly publish: () => Promise<void>;
}

export type PublicFiguresParts = Pick<FiguresPublisherParts, 'origin' | 'ledger' | 'store'> & {
  readonly reads: ReadDatabase;
  readonly publishedSize: () => number;
  readonly options: {
    readonly onWarning?: (sentence: string) => void;
    readonly reproducible?: Reproducible | undefined;
  };
};

/** The public figures of a ledger: to be looked at in each process, and to be published by the one that leads. */
export async function openPublicFigures(config: Config, parts: PublicFiguresParts): Promise<OpenedFigures> {
  const { reads, publishedSize, options, ...ofPublisher } = parts;
  const watch = new FiguresWatch({ reads, publishedSize });
  if (config.role === 'api') return { watch, publish: () => Promise.resolve() };
  await makeFiguresKey(config.dataDirectory, randomBytes);
  const random = new RandomSource(options.reproducible?.bytesFor('figures') ?? randomBytes);
  const publisher = new FiguresPublisher({
    ...ofPublisher,
    counted: () => countedFigures(reads),
    signer: await readFiguresKeyOrThrow(config.dataDirectory),
    newId: () => random.uuid(),
    patienceMilliseconds: PATIENCE_MILLISECONDS,
    onWarning: options.onWarning,
  });
  return { watch, publish: () => publisher.publish() };
}

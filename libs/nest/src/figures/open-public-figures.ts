import { randomBytes, randomUUID } from 'node:crypto';
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
  const seeded = options.reproducible?.bytesFor('figures');
  const publisher = new FiguresPublisher({
    ...ofPublisher,
    counted: () => countedFigures(reads),
    signer: await readFiguresKeyOrThrow(config.dataDirectory),
    newId: seeded === undefined ? randomUUID : () => uuidV4From(seeded(16)),
    patienceMilliseconds: PATIENCE_MILLISECONDS,
    onWarning: options.onWarning,
  });
  return { watch, publish: () => publisher.publish() };
}

/** RFC 9562, section 5.4, of 16 random bytes. */
function uuidV4From(random: Uint8Array): string {
  const bytes = Buffer.from(random);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

import type { FigureState } from '@aidtrail/figures';
import { sql } from 'kysely';
import type { ReadDatabase } from '../database.js';
import { CHECKPOINT } from '../projector/schema.js';

/** What the read models have counted for the public figures. */
export interface CountedFigures {
  /** Leaves before it were counted. */
  readonly nextPosition: number;
  /** Undefined before the ledger's opening was counted. */
  readonly state?: FigureState;
  /** The latest cut. */
  readonly latest?: {
    readonly cut: number;
    readonly digest: string;
    readonly disclosedDigest?: string;
    readonly isPublished: boolean;
  };
}

/** One publication as it is served: the exact documents, and what the log says their digests are. */
export interface StoredFigures {
  readonly cut: number;
  /** Leaf index of FiguresPublished. */
  readonly position: number;
  /** base64 of SHA-256 */
  readonly digest: string;
  readonly document: string;
  readonly disclosed?: { readonly digest: string; readonly document: string };
}

/** State, latest cut and how far both are, as of one moment. */
export async function countedFigures(database: ReadDatabase): Promise<CountedFigures> {
  return (await unlessUnmade(countedIn(database))) ?? { nextPosition: 0 };
}

const UNDEFINED_TABLE = '42P01';

/** Undefined where the read models do not exist yet: a projector makes them. */
async function unlessUnmade<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === UNDEFINED_TABLE) return undefined;
    throw error;
  }
}

async function countedIn({ db }: ReadDatabase): Promise<CountedFigures> {
  const row = await db
    .selectFrom('checkpoint')
    .select('next_position')
    .select((eb) => eb.selectFrom('figure_states').select('state').as('state'))
    .leftJoin(
      (eb) =>
        eb
          .selectFrom('figure_documents')
          .select(['cut', 'digest', 'disclosed_digest'])
          .orderBy('cut', 'desc')
          .limit(1)
          .as('d'),
      (join) => join.onTrue(),
    )
    .select(['d.cut', 'd.digest', 'd.disclosed_digest'])
    .select(sql<boolean>`exists (select 1 from read.figure_publications p where p.cut = d.cut)`.as('is_published'))
    .where('name', '=', CHECKPOINT)
    .executeTakeFirst();
  if (row === undefined) return { nextPosition: 0 };
  const { cut, digest, disclosed_digest, is_published, next_position, state } = row;
  return {
    nextPosition: next_position,
    ...(state === null ? {} : { state: state as FigureState }),
    ...(cut === null || digest === null
      ? {}
      : {
          latest: {
            ...{ cut, digest, isPublished: is_published },
            ...(disclosed_digest === null ? {} : { disclosedDigest: disclosed_digest }),
          },
        }),
  };
}

/**
 * The newest figures that were published before a leaf index, and how far the read models are. Figures of which the log
 * has another digest than their document are not given: they would be a lie.
 */
export async function newestFigures(
  database: ReadDatabase,
  before: number,
): Promise<{ readonly nextPosition: number; readonly figures?: StoredFigures }> {
  return (await unlessUnmade(newestIn(database, before))) ?? { nextPosition: 0 };
}

async function newestIn(
  database: ReadDatabase,
  before: number,
): Promise<{ readonly nextPosition: number; readonly figures?: StoredFigures }> {
  const { db } = database;
  const checkpoint = await db
    .selectFrom('checkpoint')
    .select('next_position')
    .where('name', '=', CHECKPOINT)
    .executeTakeFirst();
  const row = await stored(database).where('p.position', '<', before).orderBy('p.position', 'desc').executeTakeFirst();
  return { nextPosition: checkpoint?.next_position ?? 0, ...(row === undefined ? {} : { figures: figuresOf(row) }) };
}

/** The figures of one cut, if they were published before a leaf index. */
export async function figuresOfCut(
  database: ReadDatabase,
  at: { readonly cut: number; readonly before: number },
): Promise<StoredFigures | undefined> {
  const row = await stored(database).where('p.cut', '=', at.cut).where('p.position', '<', at.before).executeTakeFirst();
  return row === undefined ? undefined : figuresOf(row);
}

function stored({ db }: ReadDatabase) {
  return db
    .selectFrom('figure_publications as p')
    .innerJoin('figure_documents as d', (join) => join.onRef('d.cut', '=', 'p.cut').onRef('d.digest', '=', 'p.digest'))
    .select(['p.cut', 'p.position', 'p.digest', 'p.disclosed_digest as promised'])
    .select(['d.document', 'd.disclosed_digest', 'd.disclosed_document']);
}

function figuresOf(row: {
  readonly cut: number;
  readonly position: number;
  readonly digest: string;
  readonly promised: string | null;
  readonly document: string;
  readonly disclosed_digest: string | null;
  readonly disclosed_document: string | null;
}): StoredFigures {
  const { cut, digest, document, position, promised } = row;
  const { disclosed_digest, disclosed_document } = row;
  const isPromised = promised !== null && promised === disclosed_digest && disclosed_document !== null;
  return {
    ...{ cut, position, digest, document },
    ...(isPromised ? { disclosed: { digest: promised, document: disclosed_document } } : {}),
  };
}

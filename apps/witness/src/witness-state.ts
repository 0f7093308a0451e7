import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ed25519Verifier } from '@aidtrail/envelope';
import { syncFolder, writeNewFile } from '@aidtrail/log-files';
import {
  openNoteOrThrow,
  parseCheckpointOrThrow,
  parseCosignature,
  type Checkpoint,
  type NoteKey,
} from '@aidtrail/public-log';

/** What a witness has cosigned last for one log. */
export interface Cosigned extends Checkpoint {
  /** The note with the log's signatures and the witness's own cosignature, in this order. */
  readonly note: string;
  /** Of the cosignature, POSIX seconds. */
  readonly time: number;
}

/** What was cosigned cannot be told for certain any more. Nothing may be cosigned until a person has looked. */
export class StateLost extends Error {
  override readonly name = 'StateLost';
}

interface Waiting {
  readonly next: Cosigned;
  readonly done: () => void;
  readonly failed: (fault: unknown) => void;
}

const FILE = /^cosigned-(0|[1-9]\d{0,14})\.json$/;

/**
 * What a witness remembers: the checkpoint that it cosigned last for each log, all of them in one small file. Each
 * change is a file of its own, `cosigned-<n>.json`, written aside, synced and linked into its place, which fails where a
 * file of that number is there already: so a second process on the same folder, wherever it runs, is turned away and
 * cannot cosign from an older state. Changes that come while one is being written go into the next together.
 *
 * A crash at any step leaves the highest number whole. Before the link nothing has changed; after it the answer may be
 * missing, and the log is told the size when it asks again.
 */
export class WitnessState {
  private waiting: Waiting[] = [];
  private isWriting = false;
  private lost: StateLost | undefined;

  private constructor(
    private readonly folder: string,
    private generation: number,
    private cosigned: ReadonlyMap<string, Cosigned>,
  ) {}

  /** Makes the state of a new witness, which has cosigned nothing. Throws StateLost if something was cosigned here. */
  static async create(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const newest = (await generationsIn(folder)).at(-1);
    // Number 0 alone is what a crash before the key was made leaves.
    if (newest !== undefined && newest > 0)
      throw new StateLost(`The key that has cosigned what ${folder} remembers is missing. Restore it.`);
    if (newest === undefined) await placeFile(folder, 0, []);
  }

  /** Throws StateLost for a file that is damaged, or that another key has written. */
  static async open(folder: string, key: NoteKey, verifier: Ed25519Verifier): Promise<WitnessState> {
    const generations = await generationsIn(folder);
    const newest = generations.at(-1);
    if (newest === undefined)
      throw new StateLost(
        `${folder} is missing, and with it what this key has cosigned. Restore it, or begin anew with another key and name.`,
      );
    const text = await readFile(join(folder, fileName(newest)), 'utf8');
    return new WitnessState(folder, newest, readRecords(text, { key, verifier, folder }));
  }

  latestOf(origin: string): Cosigned | undefined {
    return this.cosigned.get(origin);
  }

  /**
   * Remembers what is about to be answered, durably when it resolves. One call at a time for each origin. Throws what the
   * disk says, and has then remembered nothing; or StateLost, and then always again.
   */
  keep(next: Cosigned): Promise<void> {
    return new Promise((done, failed) => {
      this.waiting.push({ next, done, failed });
      if (!this.isWriting) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const together = this.waiting;
      this.waiting = [];
      try {
        await this.write(together.map(({ next }) => next));
        for (const { done } of together) done();
      } catch (fault) {
        for (const { failed } of together) failed(fault);
      }
    }
    this.isWriting = false;
  }

  private async write(changes: readonly Cosigned[]): Promise<void> {
    if (this.lost !== undefined) throw this.lost;
    const cosigned = new Map(this.cosigned);
    for (const change of changes) cosigned.set(change.origin, change);
    await placeFile(this.folder, this.generation + 1, [...cosigned.values()]).catch((fault: unknown) => {
      if (fault instanceof StateLost) this.lost = fault;
      throw fault;
    });
    this.generation += 1;
    this.cosigned = cosigned;
    // The one before stays, so that another process that lists the folder now sees the one or the other.
    await unlink(join(this.folder, fileName(this.generation - 2))).catch(() => undefined);
  }
}

async function placeFile(folder: string, generation: number, records: readonly Cosigned[]): Promise<void> {
  const aside = join(folder, `${randomUUID()}.new`);
  await writeNewFile(aside, `${JSON.stringify({ v: 1, cosigned: records.map(({ note }) => note) })}\n`);
  try {
    await link(aside, join(folder, fileName(generation)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw takenOver(folder);
    throw error;
  } finally {
    await unlink(aside);
  }
  // From here on the change may be on the disk, or not.
  await syncFolder(folder).catch((fault: unknown) => {
    throw new StateLost(`The disk did not take what was written to ${folder}. Start the witness again.`, {
      cause: fault,
    });
  });
  if ((await generationsIn(folder)).some((other) => other > generation)) throw takenOver(folder);
}

function readRecords(
  text: string,
  { key, verifier, folder }: { readonly key: NoteKey; readonly verifier: Ed25519Verifier; readonly folder: string },
): ReadonlyMap<string, Cosigned> {
  try {
    const { v, cosigned } = JSON.parse(text) as { readonly v: unknown; readonly cosigned: readonly string[] };
    if (v !== 1) throw new Error('not of version 1');
    const records = cosigned.map((note) => readRecord(note, key, verifier));
    return new Map(records.map((record) => [record.origin, record]));
  } catch (error) {
    throw new StateLost(
      `The newest file in ${folder} is damaged, or of another key or name than this witness has. Restore both together.`,
      { cause: error },
    );
  }
}

function readRecord(note: string, key: NoteKey, verifier: Ed25519Verifier): Cosigned {
  const { text, verified } = openNoteOrThrow(note, [key], verifier);
  const time = verified[0] && parseCosignature(verified[0].signature)?.time;
  if (time === undefined) throw new Error('no cosignature');
  const { origin, size, root } = parseCheckpointOrThrow(text);
  return { origin, size, root, note, time };
}

/** Ascending. Unfinished files have other names. */
async function generationsIn(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .map((name) => FILE.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

function fileName(generation: number): string {
  return `cosigned-${generation}.json`;
}

/** Somebody else works there now. */
export function takenOver(folder: string): StateLost {
  return new StateLost(`Another process has gone on from ${folder}. One witness, one process: end one of them.`);
}

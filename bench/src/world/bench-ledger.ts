import { readFile } from 'node:fs/promises';
import { readKeyFileOrThrow, sodiumSigner } from '@aidtrail/crypto-node';
import { buildCommand } from '@aidtrail/client';
import type { AnyCommand } from '@aidtrail/domain';
import type { CommandAnchor, JsonValue, SignedCommand, Signer } from '@aidtrail/envelope';
import {
  initialise,
  openSystem,
  readLedgerFileOrThrow,
  readServerKeysOrThrow,
  type Config,
  type LedgerFile,
  type ServerKeys,
  type System,
} from '@aidtrail/nest';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';

type WithoutId<C> = C extends AnyCommand ? Omit<C, 'id'> & { readonly id?: string } : never;
/** Any command, typed by its table entry; the id is made up if it is left out. */
export type Order = WithoutId<AnyCommand>;

/** A real ledger in a directory of its own: embedded PostgreSQL with fsync, real registers, real keys. */
export interface BenchLedger {
  readonly config: Config;
  readonly file: LedgerFile;
  readonly keys: ServerKeys;
  readonly roots: readonly [Signer, Signer];
  readonly system: System;
  /** The checkpoint that commands name. */
  anchor(): CommandAnchor;
  /** Cuts a checkpoint and anchors to it; needed whenever a day has begun. */
  refreshAnchor(): Promise<void>;
  build(signers: readonly Signer[], order: Order): SignedCommand;
  /** Hands in one command in this process; throws if it is not accepted. Resolves to the command's id. */
  submit(signers: readonly Signer[], order: Order): Promise<string>;
  close(): Promise<void>;
}

/** A whole day: no checkpoint is cut while something is measured, unless it is asked for. */
const SLOT_MILLISECONDS = 86_400_000;
const OPENED_AT = Date.UTC(2026, 5, 1, 4);

export function benchConfig(directory: string, more: Partial<Config> = {}): Config {
  return {
    dataDirectory: directory,
    host: '127.0.0.1',
    port: 0,
    slotMilliseconds: SLOT_MILLISECONDS,
    role: 'all',
    workers: 1,
    logLevel: 'fatal',
    calendar: 'clock',
    publicRequestsPerMinute: 0,
    trustedProxies: [],
    ...more,
  };
}

/** Initialises the ledger if the directory has none yet, and opens it. */
export async function openBenchLedger(directory: string, more: Partial<Config> = {}): Promise<BenchLedger> {
  const config = benchConfig(directory, more);
  const isNew = await readFile(join(directory, 'ledger.json')).then(
    () => false,
    () => true,
  );
  if (isNew) {
    const terms = { origin: 'bench.aidtrail.example/ledger', roots: [], utcOffsetMinutes: 480, k: 10, now: OPENED_AT };
    await initialise(config, terms);
  }
  const keys = await readServerKeysOrThrow(directory);
  const file = await readLedgerFileOrThrow(directory);
  const roots = [await rootSigner(directory, 'root-1'), await rootSigner(directory, 'root-2')] as const;
  const system = await openSystem(config);
  let anchor = anchorOf(await system.ledger.latestCheckpoint());
  const refreshAnchor = async (): Promise<void> => {
    await system.ledger.checkpoint({ force: true });
    anchor = anchorOf(await system.ledger.latestCheckpoint());
  };
  const build = (signers: readonly Signer[], order: Order): SignedCommand => {
    const fields = 'private' in order ? (order.private as Readonly<Record<string, JsonValue>>) : undefined;
    return buildCommand(
      {
        type: order.type,
        id: order.id ?? randomUUID(),
        data: order.data,
        ...(fields === undefined ? {} : { privateFields: fields }),
      },
      { origin: file.origin, anchor, signers, randomBytes },
    );
  };
  const submit = async (signers: readonly Signer[], order: Order): Promise<string> => {
    const command = build(signers, order);
    const result = await system.ledger.handle(command);
    if (result.kind === 'accepted') return command.body.id;
    const why = result.kind === 'rejected' ? `${result.code} ${result.detail ?? ''}` : result.code;
    throw new Error(`The benchmark's ${order.type} was not accepted: ${why}`);
  };
  return {
    config,
    file,
    keys,
    roots,
    system,
    anchor: () => anchor,
    refreshAnchor,
    build,
    submit,
    close: () => system.close(),
  };
}

function anchorOf({ size, root }: CommandAnchor): CommandAnchor {
  return { size, root };
}

async function rootSigner(directory: string, name: string): Promise<Signer> {
  return sodiumSigner(await readKeyFileOrThrow(join(directory, 'keys', `${name}.key`), 'ed25519-seed'));
}

/** Runs `work` on every item, so many at a time. */
export async function inFlight<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}

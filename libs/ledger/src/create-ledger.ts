import { unhurried, type EventStore } from '@aidtrail/event-store';
import { createTreeHasher, type NoteSigner } from '@aidtrail/public-log';
import { Checkpointer, type CheckpointStore } from './checkpoints/checkpointer.js';
import type { Ledger } from './ledger.js';
import { CommandPipeline } from './pipeline/command-pipeline.js';
import { createResolver } from './pipeline/resolve.js';
import { durablePolicies } from './policies/durable-policies.js';
import { Effects } from './policies/effects.js';
import { PolicyRunner } from './policies/runner.js';
import { erasing } from './policies/keeping-books.js';
import { ROWS_AT_A_TIME } from './policies/tools.js';
import type {
  Clock,
  DonorRegister,
  LedgerCrypto,
  LedgerObserver,
  PeopleRegistry,
  PolicyMemory,
  SealKeys,
} from './ports.js';
import { Streams } from './streams.js';

export interface LedgerOptions {
  readonly origin: string;
  readonly store: EventStore;
  readonly sealKeys: SealKeys;
  readonly crypto: LedgerCrypto;
  readonly checkpoints: CheckpointStore;
  readonly memory: PolicyMemory;
  readonly people: PeopleRegistry;
  readonly donors: DonorRegister;
  /** 32 bytes; ids that nobody may guess are derived from it. */
  readonly ledgerSecret: Uint8Array;
  readonly checkpointSigner: NoteSigner;
  readonly clock: Clock;
  /** Length of a publication slot, `publishEvery`. */
  readonly slotMilliseconds: number;
  readonly utcOffsetMinutes: number;
  readonly k: number;
  /** How many rows of an intake or a batch the policies handle at a time; default 500. */
  readonly rowsAtATime?: number;
  readonly observer?: LedgerObserver;
  /** Called before a slot is signed, and waited for a little: see `CheckpointerOptions`. */
  readonly beforeSigning?: () => Promise<void>;
  /** What went wrong in the background, without personal data; the work is tried again. */
  readonly onFault?: (where: 'checkpoint' | 'follow' | 'policy', fault: unknown) => void;
}

/** Puts the ledger together. Nothing is read or written before the first call. */
export function createLedger(options: LedgerOptions): Ledger {
  const { store, crypto, checkpoints, memory, observer } = options;
  const optional = observer === undefined ? {} : { observer };
  const streams = new Streams(store, options.sealKeys, crypto);
  const resolve = createResolver({ store, streams, crypto, ledgerSecret: options.ledgerSecret });
  const hasher = createTreeHasher(crypto.sha256);
  const checkpointer = new Checkpointer({
    store,
    checkpoints,
    hasher,
    origin: options.origin,
    signer: options.checkpointSigner,
    clock: options.clock,
    k: options.k,
    slotMilliseconds: options.slotMilliseconds,
    utcOffsetMinutes: options.utcOffsetMinutes,
    ...(options.beforeSigning === undefined ? {} : { beforeSigning: options.beforeSigning }),
    onFault: (fault) => options.onFault?.('checkpoint', fault),
  });
  const shared = {
    origin: options.origin,
    store,
    streams,
    sealKeys: options.sealKeys,
    crypto,
    checkpoints,
    resolve,
    ...optional,
  };
  const pipeline = new CommandPipeline({ ...shared, publishBy: () => checkpointer.publishBy() });
  const effects = new Effects(shared);
  const runner = new PolicyRunner(
    { store, streams, memory, ...optional, onFault: (fault) => options.onFault?.('policy', fault) },
    durablePolicies({
      effects,
      streams,
      store,
      memory,
      people: options.people,
      donors: options.donors,
      crypto,
      ledgerSecret: options.ledgerSecret,
      rowsAtATime: options.rowsAtATime ?? ROWS_AT_A_TIME,
      ...optional,
    }),
  );
  return {
    handle: (signed) => pipeline.handle(signed),
    follow: (signal) => followStore(store, streams, signal, (fault) => options.onFault?.('follow', fault)),
    work: async (signal) => {
      await Promise.all([
        checkpointer.run(signal, (fault) => options.onFault?.('checkpoint', fault)),
        runner.run(signal),
      ]);
    },
    checkpoint: (slot) => checkpointer.tick(slot),
    latestCheckpoint: () => checkpoints.latest(),
    settle: () => runner.settle(),
    policyPosition: () => memory.nextPosition(),
    whileKeepingBooks: (voucherIds, erase) =>
      pipeline.whileIdle(
        voucherIds.map((id) => `voucher-${id}`),
        () => erasing({ store, sealKeys: options.sealKeys, crypto, memory }, voucherIds, erase),
      ),
    stateOf: (stream) => streams.load(stream),
  };
}

/**
 * Keeps the cached streams fresh with what other processes append. Facts may be so old: see `Streams`. Reading each group of
 * events by itself would cost more than deciding it.
 */
async function followStore(
  store: EventStore,
  streams: Streams,
  signal: AbortSignal,
  onFault: (fault: unknown) => void,
): Promise<void> {
  const passedOver = streams.follower();
  let from = await store.head();
  await streams.forget();
  while (!signal.aborted) {
    await store
      .subscribe({
        from,
        signal,
        lingerMilliseconds: unhurried,
        nextNeeded: (position) => (from = passedOver.from(position)),
        handle: async (events) => {
          await streams.observe(events);
          from += events.length;
        },
      })
      .catch(async (fault: unknown) => {
        if (signal.aborted) return;
        onFault(fault);
        await new Promise((resolve) => setTimeout(resolve, 500));
      });
  }
}

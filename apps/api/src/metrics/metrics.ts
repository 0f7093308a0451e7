import { monitorEventLoopDelay } from 'node:perf_hooks';
import { commandTable } from '@aidtrail/domain';
import type { EventStore } from '@aidtrail/event-store';
import type { LedgerObserver } from '@aidtrail/ledger';
import { readinessOf, type LogStatus, type Readiness, type System, type WatchedSystem } from '@aidtrail/nest';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { isKnown } from '../commands/command-problems.js';

const APPEND_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];

/**
 * What the process tells a monitor. Labels come from closed lists (command types, outcome codes), so that neither
 * personal data nor a sender's own words can become one.
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly commands = new Counter({
    name: 'aidtrail_commands_total',
    help: 'Commands answered, by type and outcome code',
    labelNames: ['type', 'outcome', 'code'],
    registers: [this.registry],
  });
  private readonly appended = new Counter({
    name: 'aidtrail_events_appended_total',
    help: 'Events appended by this process',
    registers: [this.registry],
  });
  private readonly policyFaults = new Counter({
    name: 'aidtrail_policy_faults_total',
    help: 'Effects that a durable policy could not bring about, by policy and refusal code',
    labelNames: ['policy', 'code'],
    registers: [this.registry],
  });
  // Names of witnesses come from the operator's policy file.
  private readonly cosignedSizes = new Gauge({
    name: 'aidtrail_witness_cosigned_size',
    help: 'Tree size of the largest checkpoint that a witness has cosigned',
    labelNames: ['witness'],
    registers: [this.registry],
  });
  private readonly failingWitnesses = new Gauge({
    name: 'aidtrail_witness_failing',
    help: '1 while a witness does not cosign what it is handed; the log says why',
    labelNames: ['witness'],
    registers: [this.registry],
  });
  private readonly appendSeconds = new Histogram({
    name: 'aidtrail_append_seconds',
    help: 'How long an append of one command’s events took',
    buckets: APPEND_BUCKETS,
    registers: [this.registry],
  });
  private readonly loopDelay = monitorEventLoopDelay({ resolution: 20 });

  /** For `openSystem`: counts what the ledger does. */
  readonly observer: LedgerObserver = {
    commandAnswered: (type, outcome, code) => {
      const known = Object.hasOwn(commandTable, type);
      this.commands.inc({ type: known ? type : 'unknown', outcome, code: isOutcome(code) ? code : 'other' });
    },
    eventsAppended: (count) => this.appended.inc(count),
    policyFault: (policy, code) => this.policyFaults.inc({ policy, code }),
  };

  /** For `openSystem`: measures appends. */
  readonly wrapStore = (store: EventStore): EventStore => {
    const append: EventStore['append'] = async (request) => {
      const stop = this.appendSeconds.startTimer();
      try {
        return await store.append(request);
      } finally {
        stop();
      }
    };
    // A view of the same store with one method exchanged; everything else goes through unchanged.
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'append') return append;
        const member = Reflect.get(target, name) as unknown;
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
  };

  /** Begins to watch a system; gauges are read when a monitor asks. */
  watch(system: WatchedSystem & Pick<System, 'log'>): void {
    this.loopDelay.enable();
    const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [this.registry] });
    const head = gauge('aidtrail_store_events', 'Events in the store');
    const policyLag = gauge('aidtrail_policy_lag_events', 'Events that the durable policies have still to do');
    const projectorLag = gauge('aidtrail_projector_lag_events', 'Events that the read models have still to take in');
    const leader = gauge('aidtrail_leader', '1 while a process publishes and runs the policies, 0 while none does');
    const checkpointSize = gauge('aidtrail_checkpoint_size', 'Tree size of the newest signed checkpoint');
    const publishedSize = gauge('aidtrail_published_size', 'Tree size of the newest published checkpoint');
    const witnessedSize = gauge('aidtrail_witnessed_size', 'Tree size of the newest that met the quorum of witnesses');
    const unsigned = gauge('aidtrail_unsigned_events', 'Events that no signed checkpoint covers yet');
    const age = gauge('aidtrail_checkpoint_age_seconds', 'Since this process first saw the newest checkpoint');
    const loop = gauge('aidtrail_event_loop_delay_p99_seconds', '99th percentile since the last reading');
    const resident = gauge('aidtrail_resident_memory_bytes', 'Resident memory of the process');
    let seen = { size: -1, at: performance.now() };
    this.refresh = async () => {
      const [readiness, checkpoint] = await Promise.all([readinessOf(system), system.ledger.latestCheckpoint()]);
      if (checkpoint.size !== seen.size) seen = { size: checkpoint.size, at: performance.now() };
      if (readiness.head !== undefined) {
        head.set(readiness.head);
        unsigned.set(Math.max(0, readiness.head - checkpoint.size));
      }
      leader.set(isLed(readiness) ? 1 : 0);
      if (readiness.policyLag !== undefined) policyLag.set(readiness.policyLag);
      if (readiness.projectorLag !== undefined) projectorLag.set(readiness.projectorLag);
      checkpointSize.set(checkpoint.size);
      this.setWitnesses(system.log.status(), { publishedSize, witnessedSize });
      age.set((performance.now() - seen.at) / 1000);
      loop.set(this.loopDelay.percentile(99) / 1e9);
      this.loopDelay.reset();
      resident.set(process.memoryUsage.rss());
    };
  }

  private setWitnesses(
    { publishedSize, witnessedSize, witnesses }: LogStatus,
    gauges: { readonly publishedSize: Gauge; readonly witnessedSize: Gauge },
  ): void {
    gauges.publishedSize.set(publishedSize);
    gauges.witnessedSize.set(witnessedSize ?? 0);
    for (const { name, cosignedSize, state } of witnesses) {
      this.cosignedSizes.set({ witness: name }, cosignedSize ?? 0);
      this.failingWitnesses.set({ witness: name }, state === 'failing' ? 1 : 0);
    }
  }

  /** The exposition format that Prometheus reads. */
  async text(): Promise<{ readonly contentType: string; readonly body: string }> {
    await this.refresh();
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }

  close(): void {
    this.loopDelay.disable();
  }

  private refresh: () => Promise<void> = () => Promise.resolve();
}

function isOutcome(code: string): boolean {
  return code === 'accepted' || isKnown(code);
}

/** Without PostgreSQL nobody can be elected. */
function isLed({ waitingFor, warnings }: Readiness): boolean {
  return ![...waitingFor, ...warnings].some((part) => part === 'leader' || part === 'database');
}

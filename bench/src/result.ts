/** What one benchmark found out. `value` is a median where the run is short enough to be repeated. */
export interface Measurement {
  readonly name: BenchName;
  readonly value: number;
  /** What else the run showed, one line each. */
  readonly notes: readonly string[];
}

export interface BenchContext {
  /** Small and short, to see that everything works; the numbers mean little. */
  readonly quick: boolean;
  /** A new directory for a ledger, which PostgreSQL's own user can enter; removed when the program ends. */
  newDirectory(): Promise<string>;
  /** Where the large log is kept between runs, if the caller wants that. */
  readonly logDirectory?: string;
  /** Where processes write their CPU profiles, if the caller wants them. */
  readonly profileDirectory?: string;
  /** Tells the person who waits what is going on. */
  progress(text: string): void;
}

export type Benchmark = (context: BenchContext) => Promise<readonly Measurement[]>;

interface Target {
  readonly unit: string;
  /** What is promised. Rates are at least, latencies and memory at most. */
  readonly target?: number;
  readonly aim?: number;
  /** What this kind of machine (2 cores) allows: docs on speeds; rates only. */
  readonly limit?: number;
  readonly lowerIsBetter?: true;
}

/**
 * Targets and limits. The limit of a redemption is the smaller of 8,400 durable single-row inserts and 7,900 validated
 * posts through the web framework; the other limits are the same work without the ledger's rules.
 */
export const targets = {
  redeem_http_per_s: { unit: '1/s', target: 2_000, aim: 3_000, limit: 7_900 },
  redeem_http_p99_ms_at_500: { unit: 'ms', target: 50, lowerIsBetter: true },
  issue_bulk_per_s: { unit: '1/s', target: 15_000, aim: 25_000, limit: 40_000 },
  replay_state_per_s: { unit: '1/s', target: 100_000, limit: 155_000 },
  replay_peak_rss_mb: { unit: 'MB', target: 300, lowerIsBetter: true },
  rebuild_per_s: { unit: '1/s', target: 25_000, aim: 40_000, limit: 56_000 },
  trace_p99_ms: { unit: 'ms', target: 30, lowerIsBetter: true },
  portal_script_kb: { unit: 'kB', target: 200, lowerIsBetter: true },
  portal_verify_ms: { unit: 'ms', target: 300, lowerIsBetter: true },
  portal_lcp_ms: { unit: 'ms', target: 1_500, lowerIsBetter: true },
  portal_trace_micro_ms: { unit: 'ms', target: 50, lowerIsBetter: true },
  portal_summary_p99_ms: { unit: 'ms', target: 20, lowerIsBetter: true },
  publish_per_s: { unit: '1/s', target: 15_000 },
  audit_merkle_per_s: { unit: '1/s', target: 300_000 },
  audit_full_signatures_per_s: { unit: '1/s' },
  audit_full_ratio: { unit: 'x', target: 0.9 },
  audit_1m_s: { unit: 's', target: 45, lowerIsBetter: true },
  audit_1m_peak_rss_mb: { unit: 'MB', target: 400, lowerIsBetter: true },
  inclusion_proof_ms: { unit: 'ms', target: 2, lowerIsBetter: true },
  redeem_in_process_per_s: { unit: '1/s', limit: 8_400 },
  emmett_command_per_s: { unit: '1/s', limit: 8_400 },
  redeem_to_emmett_ratio: { unit: 'x' },
  witness_add_checkpoint_per_s: { unit: '1/s', target: 2_000 },
  kurrent_append_per_s: { unit: '1/s' },
  kurrent_append_ratio: { unit: 'x', target: 0.8 },
  kurrent_append100_events_per_s: { unit: '1/s' },
  kurrent_append100_ratio: { unit: 'x', target: 0.8 },
  kurrent_read_per_s: { unit: '1/s' },
  kurrent_read_ratio: { unit: 'x', target: 0.8 },
} as const satisfies Record<string, Target>;

export type BenchName = keyof typeof targets;

export function targetOf(name: BenchName): Target {
  return targets[name];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The smallest value that `share` (0 … 1) of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

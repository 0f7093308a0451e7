import { parseArgs } from 'node:util';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine, machineLine } from './machine.js';
import { toJson, toTable } from './report.js';
import { targets, type BenchContext, type Benchmark, type BenchName, type Measurement } from './result.js';
import { issueBulk } from './runs/issue-bulk.js';
import { rebuild } from './runs/rebuild.js';
import { emmett } from './runs/emmett.js';
import { publish } from './runs/publish.js';
import { redeemHttp } from './runs/redeem-http.js';
import { replay } from './runs/replay.js';
import { auditBulk, auditMix, inclusionProofs } from './runs/audit.js';
import { kurrent } from './runs/kurrent.js';
import { portalLcp } from './runs/portal-lcp.js';
import { portalScript } from './runs/portal-script.js';
import { portalVerify } from './runs/portal-verify.js';
import { publicSummary } from './runs/public-summary.js';
import { trace } from './runs/trace.js';
import { traceMicro } from './runs/trace-micro.js';
import { witnessAddCheckpoint } from './runs/witness.js';

/** Several names may come out of one run. In this order. */
const benchmarks: readonly { readonly names: readonly BenchName[]; readonly run: Benchmark }[] = [
  { names: ['redeem_http_per_s', 'redeem_http_p99_ms_at_500'], run: redeemHttp },
  { names: ['issue_bulk_per_s'], run: issueBulk },
  { names: ['replay_state_per_s', 'replay_peak_rss_mb'], run: replay },
  { names: ['rebuild_per_s'], run: rebuild },
  { names: ['trace_p99_ms'], run: trace },
  { names: ['portal_script_kb'], run: portalScript },
  { names: ['portal_verify_ms'], run: portalVerify },
  { names: ['portal_lcp_ms'], run: portalLcp },
  { names: ['portal_summary_p99_ms'], run: publicSummary },
  { names: ['portal_trace_micro_ms'], run: traceMicro },
  { names: ['publish_per_s'], run: publish },
  { names: ['audit_merkle_per_s', 'audit_full_signatures_per_s', 'audit_full_ratio'], run: auditMix },
  { names: ['audit_1m_s', 'audit_1m_peak_rss_mb'], run: auditBulk },
  { names: ['inclusion_proof_ms'], run: inclusionProofs },
  { names: ['redeem_in_process_per_s', 'emmett_command_per_s', 'redeem_to_emmett_ratio'], run: emmett },
  { names: ['witness_add_checkpoint_per_s'], run: witnessAddCheckpoint },
  {
    names: [
      'kurrent_append_per_s',
      'kurrent_append_ratio',
      'kurrent_append100_events_per_s',
      'kurrent_append100_ratio',
      'kurrent_read_per_s',
      'kurrent_read_ratio',
    ],
    run: kurrent,
  },
];

const usage = `npm run bench [-- options]
  --only name,name   only these benchmarks
  --json             one object: name → { value, unit, target, limit, ratio, notes }
  --quick            small and short, to see that everything works
  --log DIR          keep the log of 1 M events there and use it again
  --profile DIR      write CPU profiles of what is measured there
names: ${Object.keys(targets).join(', ')}`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      log: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const only = values.only?.split(',').map((name) => name.trim());
  const unknown = only?.find((name) => !Object.hasOwn(targets, name));
  if (unknown !== undefined) {
    console.error(`There is no benchmark called ${unknown}.\n${usage}`);
    return 2;
  }
  const wanted = benchmarks.filter(({ names }) => only === undefined || names.some((name) => only.includes(name)));
  const directories: string[] = [];
  const newDirectory = async (): Promise<string> => {
    const directory = await mkdtemp(join(tmpdir(), 'aidtrail-bench-'));
    directories.push(directory);
    // PostgreSQL runs as a user of its own when this process is root.
    await chmod(directory, 0o755);
    return directory;
  };
  const context: BenchContext = {
    quick: values.quick,
    newDirectory,
    ...(values.log === undefined ? {} : { logDirectory: values.log }),
    ...(values.profile === undefined ? {} : { profileDirectory: values.profile }),
    progress: (text) => console.error(text),
  };
  try {
    const machine = await describeMachine(await newDirectory());
    const measurements: Measurement[] = [];
    for (const { run } of wanted) measurements.push(...(await run(context)));
    if (values.json) {
      console.error(machineLine(machine));
      console.log(JSON.stringify(toJson(measurements), undefined, 2));
    } else console.log(`${machineLine(machine)}\n\n${toTable(measurements)}`);
    return 0;
  } finally {
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  }
}

// A database that is being stopped does not keep this process alive, so it would end in the middle of that.
const awake = setInterval(() => undefined, 1_000);
try {
  process.exitCode = await main();
} finally {
  clearInterval(awake);
}

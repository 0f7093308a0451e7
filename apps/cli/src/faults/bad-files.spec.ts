import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Refused } from '@aidtrail/client';
import { readKeyFileOrThrow, sodiumSigner } from '@aidtrail/crypto-node';
import { enrol, type Actor } from '../demo/cast.js';
import { inventHouseholds, type Household } from '../demo/people.js';
import { batchOf, untilAtRest } from '../demo/reads.js';
import { tidyRoster } from '../demo/rosters.js';
import { fetchSlips, stageIntake, uploadRoster, type GiftRow } from '../demo/staging.js';
import { submit, until, type World } from '../demo/world.js';
import {
  freePort,
  initialiseLedger,
  killRemaining,
  runToEnd,
  serve,
  temporaryFolder,
  type OpenedLedger,
  type ServingProcess,
} from './program.testing.js';
import {
  headOf,
  draftBatchOf,
  FACE_MINOR,
  openSmallRelief,
  silentWorld,
  type SmallRelief,
} from './small-relief.testing.js';

const GOOD_ROWS = 6;

const folder = await temporaryFolder();
let opened: OpenedLedger;
let server: ServingProcess;
let world: World;
let relief: SmallRelief;
let registrar: Actor['signer'];
let channel: Actor['signer'];
let households: readonly Household[];
const keyFile = join(folder.path, 'registrar.key');

beforeAll(async () => {
  opened = await initialiseLedger(join(folder.path, 'main'));
  server = await serve({ dataDirectory: opened.dataDirectory, port: await freePort() });
  world = silentWorld(server.url, 'bad files');
  relief = await openSmallRelief(world, opened.roots, GOOD_ROWS * FACE_MINOR);
  await runToEnd('keys', 'new', keyFile);
  registrar = sodiumSigner(await readKeyFileOrThrow(keyFile, 'ed25519-seed'));
  channel = sodiumSigner(world.entropy.bytes(32));
  const [enroller, approver] = opened.roots;
  await enrol(world, { enroller, approver, key: registrar, role: 'registrar', officer: 'registrar-2' });
  await enrol(world, { enroller, approver, key: channel, role: 'channel', officer: 'channel-till' });
  households = inventHouseholds({ count: GOOD_ROWS, communities: ['上坝村'], division: '07' }, world.story);
}, 120_000);

afterAll(async () => {
  await killRemaining();
  await folder.remove();
});

async function problemOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  const fault = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(fault instanceof Refused)) throw new Error('It was not refused.');
  return fault.problem as unknown as Record<string, unknown>;
}

/** Good households with bad rows between and below them. */
function badRoster() {
  const [first, second] = households as [Household, Household];
  const wrongDigit = second.idNumber.slice(0, 17) + (second.idNumber.endsWith('1') ? '2' : '1');
  const good = tidyRoster('roster.csv', households);
  const lines = Buffer.from(good.bytes).toString('utf8').trimEnd().split('\r\n');
  lines.splice(3, 0, `杨初晴,4.39903E+17,13800000011,上坝村,老人`);
  lines.splice(5, 0, `,${wrongDigit},138,,宇航员`);
  lines.push(`${first.name},${first.idNumber},,上坝村,老人`);
  return { name: 'roster.csv', bytes: new Uint8Array(Buffer.from(lines.join('\r\n'))) };
}

const FOUND = [
  [4, '身份证号', 'excel_lost_digits'],
  [6, '姓名', 'missing_name'],
  [6, '身份证号', 'id_check_digit'],
  [6, '手机号', 'phone_impossible'],
  [6, '人群类别', 'unknown_target_group'],
  [6, '社区', 'missing_community'],
  [10, '身份证号', 'duplicate_in_file'],
] as const;
const BAD_LINES = [4, 6, 10];

describe('a roster with several bad rows, over HTTP', () => {
  const upload = (exclude?: readonly number[]) =>
    uploadRoster(world, registrar, { ...relief, file: badRoster(), ...(exclude === undefined ? {} : { exclude }) });

  it('is answered once with all of them, by line, column and code, and nothing personal', async () => {
    const before = await untilAtRest(world);
    const answer = await upload();
    if (answer.status !== 'refused') throw new Error('It was imported.');
    expect(answer.code).toBe('roster_has_problems');
    expect(answer.problems.map(({ line, column, code }) => [line, column, code])).toEqual(FOUND);
    for (const { name, idNumber } of households) {
      expect(JSON.stringify(answer)).not.toContain(name);
      expect(JSON.stringify(answer)).not.toContain(idNumber);
    }
    expect(await untilAtRest(world)).toBe(before);
  });

  it('is printed the same by the command line, which ends with 1', async () => {
    const file = join(folder.path, 'roster.csv');
    await writeFile(file, badRoster().bytes);
    const { programme, campaign } = relief;
    const at = ['--url', server.url, '--key', keyFile, '--programme', programme, '--campaign', campaign, '--commit'];
    const printed = await runToEnd('import', 'roster', file, ...at);
    expect(printed.exitCode).toBe(1);
    for (const [line, column, code] of FOUND) {
      expect(printed.output).toMatch(new RegExp(`^${line} +${column} +${code}: `, 'm'));
    }
    expect(printed.output).toMatch(/9 rows, 7 problems\. Refused: roster_has_problems\./);
  });

  it('stays out as long as one bad line is neither mended nor excluded', async () => {
    const before = await untilAtRest(world);
    for (const kept of BAD_LINES) {
      const answer = await upload(BAD_LINES.filter((line) => line !== kept));
      if (answer.status !== 'refused') throw new Error('It was imported.');
      expect(new Set(answer.problems.map(({ line }) => line))).toEqual(new Set([kept]));
    }
    expect(await upload([...BAD_LINES, 99])).toMatchObject({ status: 'refused', code: 'excluded_line_unknown' });
    const dryRun = `/rosters?programme=${relief.programme}&campaign=${relief.campaign}&dryRun=true`;
    const known = await world.client.post(dryRun, tidyRoster('', households).bytes, registrar, 'text/csv');
    expect(known).toMatchObject({ status: 'dry_run', summary: { newPeople: GOOD_ROWS, knownPeople: 0 } });
    expect(await untilAtRest(world)).toBe(before);
  });

  it('of an unknown campaign, or of another programme, is refused before it is read', async () => {
    const file = badRoster();
    const elsewhere = { programme: relief.programme, campaign: world.entropy.uuid(), file };
    expect(await uploadRoster(world, registrar, elsewhere)).toMatchObject({ code: 'not_found', problems: [] });
    const another = { programme: world.entropy.uuid(), campaign: relief.campaign, file };
    expect(await uploadRoster(world, registrar, another)).toMatchObject({ code: 'conflict', problems: [] });
  });

  it('is issued to exactly the good rows once the bad ones are excluded by their numbers', async () => {
    const answer = await upload(BAD_LINES);
    if (answer.status !== 'imported') throw new Error(`It was refused: ${answer.code}.`);
    expect(answer.rowCount).toBe(GOOD_ROWS);
    const drafted = await draftBatchOf(world, relief, answer.rosterId);
    expect(drafted.count).toBe(GOOD_ROWS);
    await world.client.send(drafted.approval);
    await until('all vouchers', async () => {
      const view = await batchOf(world, relief.officers.finance.signer, drafted.batch);
      return view?.status === 'issued' ? true : undefined;
    });
    const slips = (await fetchSlips(world, relief.officers.worker.signer, drafted)) as unknown as { name: string }[];
    expect(slips.map(({ name }) => name).sort()).toEqual(households.map(({ name }) => name).sort());
  });
});

describe('a command over rows that the registers do not hold', () => {
  it('is not taken, because no policy could follow it; with its rows the same bytes are', async () => {
    const intake = world.entropy.uuid();
    const rows = [{ paymentReference: 'till-9001', amountMinor: 300 }];
    const of = { intake, fund: relief.fund, channel: 'till' };
    const root = `${'A'.repeat(43)}=`;
    const order = { type: 'RecordIntake', id: intake, privateFields: { channel: 'till' } };
    const early = await world.client.build(
      { ...order, data: { fund: relief.fund, count: 1, totalMinor: 300, rowsRoot: root } },
      [channel],
    );
    const before = await untilAtRest(world);
    expect(await problemOf(world.client.send(early))).toMatchObject({ status: 409, code: 'not_staged', final: false });
    const { count, totalMinor, rowsRoot } = await stageIntake(world, channel, { ...of, rows });
    expect(await problemOf(world.client.send(early))).toMatchObject({ code: 'not_staged' });
    expect(await untilAtRest(world)).toBe(before);
    const data = { fund: relief.fund, count, totalMinor, rowsRoot };
    const right = await world.client.build({ ...order, data }, [channel]);
    const receipt = await world.client.send(right);
    expect(await world.client.send(right)).toEqual(receipt);
    // IntakeReceived and DonationReceived: the policies went on.
    expect(await untilAtRest(world)).toBe(before + 2);
  });

  it('neither is a batch over a roster that nobody prepared', async () => {
    const terms = { batch: world.entropy.uuid(), campaign: relief.campaign, fund: relief.fund, count: 1 };
    const data = { ...terms, faceMinor: 1, totalMinor: 1, rosterRoot: `${'A'.repeat(43)}=` };
    const privateFields = { partner: world.entropy.uuid(), communities: ['上坝村'] };
    const drafted = await world.client.build({ type: 'DraftBatch', data, privateFields }, [registrar]);
    expect(await problemOf(world.client.send(drafted))).toMatchObject({ code: 'not_staged', final: false });
    const odd = await world.client.build({ type: 'DraftBatch', data: { ...data, batch: '1' }, privateFields }, [
      registrar,
    ]);
    expect(await problemOf(world.client.send(odd))).toMatchObject({ status: 400, code: 'schema' });
  });
});

describe('gifts with several bad rows, over HTTP', () => {
  const good: readonly GiftRow[] = [
    { paymentReference: 'till-0001', amountMinor: 100 },
    { paymentReference: 'till-0002', amountMinor: 250 },
  ];
  const bad = [
    ['1.50', 'amount_decimal'],
    ['-100', 'amount_negative'],
    ['1E2', 'amount_scientific'],
    ['9007199254740992', 'amount_too_large'],
    ['１００', 'amount_malformed'],
    [0, 'amount_zero'],
  ] as const;
  const rows = [
    ...good,
    ...bad.map(([amountMinor], i) => ({ paymentReference: `bad-${i}`, amountMinor })),
  ] as GiftRow[];

  it('are answered once with all of them, by line and code, and none is taken until they are mended', async () => {
    const intake = { intake: world.entropy.uuid(), fund: relief.fund, channel: 'till' };
    const before = await headOf(world);
    const problem = await problemOf(stageIntake(world, channel, { ...intake, rows }));
    const faults = bad.map(([, code], i) => ({ line: good.length + 1 + i, code }));
    expect(problem).toMatchObject({ status: 422, code: 'rows_malformed', faults });
    expect(await headOf(world)).toBe(before);

    const { count, totalMinor, rowsRoot } = await stageIntake(world, channel, { ...intake, rows: good });
    expect({ count, totalMinor }).toEqual({ count: 2, totalMinor: 350 });
    const data = { fund: relief.fund, count, totalMinor, rowsRoot };
    await submit(world, [channel], { type: 'RecordIntake', id: intake.intake, data, private: { channel: 'till' } });
  });

  it.each([
    ['a float', '1.5'],
    ['scientific notation', '1e3'],
    ['more than 2^53 - 1', '9007199254740992'],
    ['a negative number', '-1'],
    ['words', '"one yuan"'],
  ])('are refused with the line when an amount is %s', async (_, amount) => {
    const path = `/intakes?intake=${world.entropy.uuid()}&fund=${relief.fund}&channel=till`;
    const body = `{"paymentReference":"a","amountMinor":1}\n{"paymentReference":"b","amountMinor":${amount}}\n`;
    const problem = await problemOf(world.client.post(path, body, channel, 'application/x-ndjson'));
    const line = problem['line'] ?? (problem['faults'] as readonly { readonly line: number }[])[0]?.line;
    expect(problem['code']).toMatch(/^(malformed|rows_malformed)$/);
    expect(line).toBe(2);
  });
});

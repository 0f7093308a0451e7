import { readFile, writeFile } from 'node:fs/promises';
import { base64Encode, bytesEqual, isUuid } from '@aidtrail/envelope';
import { parseCheckpointOrThrow, parseNoteOrThrow, type ReadLogFile } from '@aidtrail/public-log';
import {
  fileOfPromise,
  findEvent,
  formatFraudProof,
  objectionInLog,
  objections,
  parseFraudProofOrThrow,
  promiseIn,
  proveTwoAnswersOrThrow,
  judgeAnswerOrThrow,
  makeReceiptOrThrow,
  NEWEST_CHECKPOINT,
  openReceiptOrThrow,
  parseSlipOrThrow,
  type BrokenPromise,
  type ReceiptTrust,
} from '@aidtrail/verification';
import { Command, InvalidArgumentError } from 'commander';
import { receiptJson, receiptLines } from '../proof/describe-receipt.js';
import { disclosuresFrom, judged, trustIn, withLog } from '../proof/inputs.js';
import { receiptFromPartsOrThrow, slipPage } from '../proof/slip-page.js';
import { CommandFailed, type Terminal } from '../terminal.js';
import { wholeNumberIn } from '../whole-number.js';

interface Shared {
  readonly policy: string;
  readonly json?: boolean;
}

const HELP = `
A receipt is a .tlog-proof file (C2SP): the event, where it stands in the log, and a checkpoint that enough witnesses of the
policy cosigned. It is checked offline, with the policy file alone, by whoever gets it. Private fields are in it only if
--show names them. docs/reference/receipt.md has the formats.`;

/** Receipts, printed slips, and what the ledger has promised: made and checked against a published log. */
export function proofCommand(terminal: Terminal): Command {
  const proof = new Command('proof')
    .description('make and check receipts of single events, print slips, hold the ledger to its answers')
    .addHelpText('after', HELP);
  withPolicy(proof.command('make'))
    .description('make the receipt of one event from a published log')
    .requiredOption('--log <where>', 'the published log: a folder, an archive or a URL')
    .option('--index <number>', 'which event, by its place in the log', wholeNumberIn(0, 999_999_999))
    .option('--event <uuid>', 'which event, by its id', eventId)
    .option('--disclosures <file>', 'disclosures, one line {"index":n,"disclosures":[…]} an event')
    .option('--show <names>', 'private fields to show, such as amountMinor,interval')
    .requiredOption('--to <file>', 'where to write it; must not be there')
    .action((options: MakeOptions) => make(options, terminal));
  withPolicy(proof.command('check <file>'))
    .description('check a receipt, offline')
    .action((file: string, options: Shared) => check(file, options, terminal));
  withPolicy(proof.command('slip <files...>'))
    .description('check receipts and lay them out for printing, each with a QR code')
    .requiredOption('--url <address>', 'where people can look the event up; it stands in the code')
    .option('--parts', 'add the whole receipt as numbered QR codes, to be checked offline')
    .requiredOption('--to <file>', 'the page (HTML) to write; must not be there')
    .action((files: readonly string[], options: SlipOptions) => slip(files, options, terminal));
  withPolicy(proof.command('check-slip <text>'))
    .description('look up what the QR code of a slip says')
    .requiredOption('--log <where>', 'the published log: a folder, an archive or a URL')
    .action((text: string, options: Shared & { readonly log: string }) => checkSlip(text, options, terminal));
  proof
    .command('join <file>')
    .description('put a receipt together from its scanned QR codes, one line each')
    .requiredOption('--to <file>', 'where to write the receipt; must not be there')
    .action((file: string, options: { readonly to: string }) => join(file, options, terminal));
  withPolicy(proof.command('answer <file>'))
    .description('hold an answer that the ledger signed against its log: was the promise kept?')
    .requiredOption('--log <where>', 'the published log: a folder, an archive or a URL')
    .option('--fraud-proof <file>', 'where to write the proof if it was broken; must not be there')
    .action((file: string, options: AnswerOptions) => judgeAnswer(file, options, terminal));
  withPolicy(proof.command('compare <first> <second>'))
    .description('hold two answers that the ledger signed to one command against each other')
    .requiredOption('--log <where>', 'the published log: a folder, an archive or a URL')
    .option('--fraud-proof <file>', 'where to write the proof if they contradict each other; must not be there')
    .action((first: string, second: string, options: AnswerOptions) => compare([first, second], options, terminal));
  return proof;
}

function withPolicy(command: Command): Command {
  return command
    .requiredOption('--policy <file>', 'whom you trust: the log’s key, witnesses and quorum (C2SP tlog-policy)')
    .option('--json', 'write the result as JSON');
}

interface MakeOptions extends Shared {
  readonly log: string;
  readonly index?: number;
  readonly event?: string;
  readonly disclosures?: string;
  readonly show?: string;
  readonly to: string;
}

async function make(options: MakeOptions, terminal: Terminal): Promise<void> {
  const trust = await trustIn(options.policy);
  const names = options.show?.split(',').map((name) => name.trim()) ?? [];
  if (names.length > 0 && options.disclosures === undefined)
    throw new CommandFailed('Fields can be shown only from a file of disclosures: give --disclosures.');
  const receipt = await withLog(options.log, async (read) => {
    const index = options.index ?? (await indexOf(options, read));
    const disclosures =
      options.disclosures === undefined ? [] : await disclosuresFrom(options.disclosures, { index, names });
    return judged('No receipt can be given', () => makeReceiptOrThrow(read, { index, disclosures }, trust));
  });
  await writeNew(options.to, receipt);
  const opened = openReceiptOrThrow(receipt, trust);
  if (options.json === true) return terminal.out(JSON.stringify(receiptJson(opened)));
  for (const line of receiptLines(opened)) terminal.out(line);
  terminal.out(`written to    ${options.to}`);
}

async function indexOf({ event, log }: MakeOptions, read: ReadLogFile): Promise<number> {
  if (event === undefined) throw new CommandFailed('Say which event: give --index or --event.');
  const note = await read(NEWEST_CHECKPOINT);
  if (note === undefined) throw new CommandFailed(`${log} has no checkpoint. Is it a published log?`);
  const { size } = parseCheckpointOrThrow(parseNoteOrThrow(note).text);
  const index = await findEvent(read, event, size);
  if (index === undefined)
    throw new CommandFailed(
      `No event of the log has the id ${event}. If it was just accepted, wait for the next slot.`,
      1,
    );
  return index;
}

async function check(file: string, options: Shared, terminal: Terminal): Promise<void> {
  const trust = await trustIn(options.policy);
  const bytes = await readFile(file);
  const opened = await judged(`${file} proves nothing`, () => openReceiptOrThrow(bytes, trust));
  if (options.json === true) return terminal.out(JSON.stringify(receiptJson(opened)));
  terminal.out(
    opened.witnessed.cosignedBy.length > 0
      ? `${file} is a receipt: the event below stands in the log that its witnesses saw.`
      : `${file} is a receipt: the log signed that the event below stands in it. No witness has confirmed that.`,
  );
  for (const line of receiptLines(opened)) terminal.out(line);
}

interface SlipOptions extends Shared {
  readonly url: string;
  readonly parts?: boolean;
  readonly to: string;
}

async function slip(files: readonly string[], options: SlipOptions, terminal: Terminal): Promise<void> {
  const trust = await trustIn(options.policy);
  const slips = [];
  for (const name of files) {
    const file = await readFile(name);
    slips.push({ file, opened: await judged(`${name} proves nothing`, () => openReceiptOrThrow(file, trust)) });
  }
  await writeNew(options.to, slipPage(slips, { url: addressOf(options.url), withParts: options.parts === true }));
  if (options.json === true) return terminal.out(JSON.stringify({ slips: slips.length, page: options.to }));
  terminal.out(
    `${slips.length === 1 ? 'One slip' : `${slips.length} slips`}: open ${options.to} in a browser and print it.`,
  );
}

function addressOf(url: string): string {
  if (!/^https?:\/\/[^\s#]+$/.test(url))
    throw new CommandFailed('Give --url as an http or https address without spaces and without #.');
  return url;
}

async function checkSlip(text: string, options: Shared & { readonly log: string }, terminal: Terminal): Promise<void> {
  const trust = await trustIn(options.policy);
  const found = await withLog(options.log, (read) =>
    judged('The slip cannot be confirmed', () => lookUp(text, read, trust)),
  );
  if (options.json === true) return terminal.out(JSON.stringify(found));
  terminal.out(
    `The slip is right: the event at index ${found.index} of ${found.log} has the leaf hash ${found.leafHash}.`,
  );
}

async function lookUp(text: string, read: ReadLogFile, trust: ReceiptTrust) {
  const { origin, index, leafHash } = parseSlipOrThrow(text);
  const receipt = await makeReceiptOrThrow(read, { index, disclosures: [] }, trust);
  const { leaf, leafHash: actual } = openReceiptOrThrow(receipt, trust);
  if (leaf.log !== origin) throw new CommandFailed('The slip is of another log than this one.', 1);
  if (!bytesEqual(actual, leafHash))
    throw new CommandFailed('The log holds another event at that place: the slip is wrong, or the log is.', 1);
  return { log: origin, index, leafHash: base64Encode(leafHash), type: leaf.type, day: leaf.day };
}

async function join(file: string, options: { readonly to: string }, terminal: Terminal): Promise<void> {
  const texts = (await readFile(file, 'utf8')).split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  const receipt = await judged(file, () => receiptFromPartsOrThrow(texts));
  await writeNew(options.to, receipt);
  terminal.out(`The receipt is in ${options.to}. Check it: aidtrail proof check ${options.to} --policy <file>`);
}

interface AnswerOptions extends Shared {
  readonly log: string;
  readonly fraudProof?: string;
}

/** Of an answer, or of a fraud proof that says that it was broken. */
async function judgeAnswer(file: string, options: AnswerOptions, terminal: Terminal): Promise<void> {
  const trust = await trustIn(options.policy);
  const bytes = await readFile(file);
  const claimed = promiseClaimed(bytes);
  if (claimed !== undefined) return judgeProof(claimed, { options, trust, terminal });
  const judgement = await withLog(options.log, (read) => judged(file, () => judgeAnswerOrThrow(read, bytes, trust)));
  if (judgement.verdict !== 'broken') {
    if (options.json === true) return terminal.out(JSON.stringify(judgement));
    return terminal.out(sentenceFor(judgement));
  }
  const proof = fileOfPromise(judgement.proof);
  if (options.fraudProof !== undefined) await writeNew(options.fraudProof, formatFraudProof(proof));
  if (options.json === true) terminal.out(JSON.stringify({ verdict: 'broken', kind: proof.promise }));
  throw new CommandFailed(`The ledger broke its word (${proof.promise}). ${whereIs(options)}`, 1);
}

async function compare(
  [first, second]: readonly [string, string],
  options: AnswerOptions,
  terminal: Terminal,
): Promise<void> {
  const trust = await trustIn(options.policy);
  const answers = [await readFile(first), await readFile(second)] as const;
  const proof = await withLog(options.log, (read) =>
    judged(`${first} and ${second}`, () => proveTwoAnswersOrThrow(read, answers, trust)),
  );
  if (options.json === true)
    terminal.out(JSON.stringify({ verdict: proof === undefined ? 'no_contradiction' : 'broken' }));
  if (proof === undefined) {
    if (options.json !== true) terminal.out('The answers do not contradict each other.');
    return;
  }
  if (options.fraudProof !== undefined) await writeNew(options.fraudProof, formatFraudProof(proof));
  throw new CommandFailed(`The ledger contradicted itself (${proof.kind}). ${whereIs(options)}`, 1);
}

function whereIs({ fraudProof }: AnswerOptions): string {
  return fraudProof === undefined ? 'Write the proof with --fraud-proof <file>.' : `The proof is in ${fraudProof}.`;
}

function promiseClaimed(bytes: Uint8Array): BrokenPromise | undefined {
  try {
    const proof = parseFraudProofOrThrow(bytes);
    return proof.kind === 'broken_promise' ? promiseIn(proof) : undefined;
  } catch {
    return undefined;
  }
}

async function judgeProof(
  promise: BrokenPromise,
  on: { readonly options: AnswerOptions; readonly trust: ReceiptTrust; readonly terminal: Terminal },
): Promise<void> {
  const { options, trust, terminal } = on;
  const objection = await withLog(options.log, (read) =>
    judged('The proof cannot be checked', () => objectionInLog(promise, trust, read)),
  );
  if (options.json === true)
    terminal.out(JSON.stringify({ verdict: objection === undefined ? 'broken' : 'not_proven', objection }));
  if (objection === undefined) throw new CommandFailed(`The ledger broke its word (${promise.kind}).`, 1);
  if (options.json !== true) terminal.out(`This proves nothing. ${objections[objection]}`);
}

function sentenceFor(judgement: {
  readonly verdict: 'kept' | 'open';
  readonly size: number;
  readonly index?: number;
  readonly publishBy?: string;
}): string {
  if (judgement.verdict === 'open')
    return `Not in the log yet (${judgement.size} events); the ledger has promised it by ${judgement.publishBy}. Ask again once its log has gone on for two days after that.`;
  return judgement.index === undefined
    ? `Kept: the refused command is not in the log of ${judgement.size} events.`
    : `Kept: the event stands in the log at index ${judgement.index} of ${judgement.size}.`;
}

/** Never over a file that is there: it may be somebody's only copy of a receipt. */
async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content, { flag: 'wx' });
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
    throw new CommandFailed(`${path} is there already. Name a new file.`);
  }
}

function eventId(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('Give the event’s id, a UUID in lower case.');
  return text;
}

import { readKeyFileOrThrow, sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { base64DecodeOrThrow, keyIdOf, type Signer } from '@aidtrail/envelope';
import {
  missingSignatures,
  readOpeningOrThrow,
  rootOfOrThrow,
  signOpening,
  signRotation,
  termsOf,
  writeOpening,
  type OpeningDocument,
} from '@aidtrail/nest';
import type { Command } from 'commander';
import { columns } from '../demo/print.js';
import { CommandFailed, type Terminal } from '../terminal.js';

interface SigningOptions {
  readonly key: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What root officers sign, each on a machine of their own: it is shown first, and signed only if they say yes. */
export function addSigningCommands(keys: Command, terminal: Terminal): void {
  keys
    .command('sign-opening <opening>')
    .description('show what opening.json says, ask, and add a root’s signature to it')
    .requiredOption('--key <file>', 'the root officer’s key file')
    .option('--yes', 'sign without asking, for scripts; what it says is shown all the same')
    .option('--json', 'write the result as JSON')
    .action((opening: string, options: SigningOptions) => signOpeningFile(opening, options, terminal));
  keys
    .command('sign-rotation <rotation>')
    .description('show what rotation.json says, ask, and add a root’s signature to it')
    .requiredOption('--key <file>', 'the root officer’s key file')
    .option('--yes', 'sign without asking, for scripts; what it says is shown all the same')
    .option('--json', 'write the result as JSON')
    .action((rotation: string, options: SigningOptions) => signRotationFile(rotation, options, terminal));
}

async function signOpeningFile(path: string, options: SigningOptions, terminal: Terminal): Promise<void> {
  const opening = await readOpeningOrThrow(path);
  const signer = await signerOf(options.key);
  const officer = rootOfOrThrow(opening, signer);
  show(termLines(opening, officer), options, terminal);
  await agreeOrThrow(`Sign the opening as ${officer}?`, options, terminal);
  const signed = signOpening(opening, signer);
  await writeOpening(path, signed);
  const { origin, openingDay, roots } = termsOf(signed);
  const missing = missingSignatures(signed, sodiumVerifier);
  if (options.json === true) return terminal.out(JSON.stringify({ origin, openingDay, roots, missing }));
  terminal.out(`Signed as ${officer}.`);
  terminal.out(missing.length === 0 ? 'Every root has signed.' : `Still to sign: ${missing.join(', ')}.`);
}

function termLines(opening: OpeningDocument, officer: string): readonly string[] {
  const { origin, openingDay, utcOffsetMinutes, currency, k, demo, eventKey, checkpointVkey, roots } = termsOf(opening);
  const missing = missingSignatures(opening, sodiumVerifier);
  const stateOf = (root: string) =>
    root === officer ? 'you' : missing.includes(root) ? 'has not signed' : 'has signed';
  return columns([
    ['origin', origin],
    ['opening day', `${openingDay}, days begin at UTC${offset(utcOffsetMinutes)}`],
    ['currency', currency],
    ['k', `${k}, the smallest number of vouchers in a published cell`],
    ['kind', demo === true ? 'demo, for ever' : 'a real ledger, never a demo'],
    ['event key', eventKey],
    ['checkpoint key', checkpointVkey],
    ...roots.map(({ officer: name, publicKey }) => [
      name,
      `${publicKey} (key id ${keyIdOf(base64DecodeOrThrow(publicKey))}; ${stateOf(name)})`,
    ]),
  ]);
}

function offset(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

async function signRotationFile(path: string, options: SigningOptions, terminal: Terminal): Promise<void> {
  const signer = await signerOf(options.key);
  const { body, signatures } = await signRotation(path, signer, async ({ body: read, signatures: present }) => {
    const lines = columns([
      ['ledger', read.log],
      ['next event key', (read.data as { readonly publicKey: string }).publicKey],
      ['first to sign', `key id ${read.key}`],
      ...present.map(({ key }) => ['has signed', `key id ${key}`]),
      ['you', `key id ${signer.keyId}`],
    ]);
    show(lines, options, terminal);
    await agreeOrThrow('Sign the exchange of the event key?', options, terminal);
  });
  const { publicKey } = body.data as { readonly publicKey: string };
  const signed = { origin: body.log, publicKey, signatures: signatures.length };
  if (options.json === true) return terminal.out(JSON.stringify(signed));
  terminal.out(`Signed: events of ${body.log} are to be signed by ${publicKey}.`);
  terminal.out(`${signed.signatures} of 2 signatures.`);
}

function show(lines: readonly string[], { json }: SigningOptions, terminal: Terminal): void {
  for (const line of lines)
    if (json === true) terminal.note(line);
    else terminal.out(line);
}

async function agreeOrThrow(question: string, { yes }: SigningOptions, terminal: Terminal): Promise<void> {
  if (yes === true) return;
  const answer = await terminal.ask(`${question} Type yes: `);
  if (answer === undefined)
    throw new CommandFailed('Nothing was signed: nobody is there to be asked. In a script: --yes.');
  if (answer.trim() !== 'yes') throw new CommandFailed('Nothing was signed.', 1);
}

export async function signerOf(file: string): Promise<Signer> {
  return sodiumSigner(await readKeyFileOrThrow(file, 'ed25519-seed'));
}

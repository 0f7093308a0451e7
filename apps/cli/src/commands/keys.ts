import { randomBytes } from 'node:crypto';
import { createKeyFile, readKeyFileOrThrow, sodiumSigner, sodiumVerifier } from '@aidtrail/crypto-node';
import { base64Encode, type Signer } from '@aidtrail/envelope';
import { missingSignatures, readOpeningOrThrow, signOpening, termsOf, writeOpening } from '@aidtrail/nest';
import { Command } from 'commander';
import type { Terminal } from '../terminal.js';

interface KeyOptions {
  readonly json?: boolean;
  readonly key: string;
}

/** Key files hold an Ed25519 seed, mode 600. None of these commands needs a server or a network. */
export function keysCommand(terminal: Terminal): Command {
  const keys = new Command('keys').description('make and show key files; sign the opening of a ledger');
  keys
    .command('new <file>')
    .description('make a signing key in a new file of mode 600 and show its public part')
    .option('--json', 'write the result as JSON')
    .action(async (file: string, options: KeyOptions) => {
      await createKeyFile(file, 'ed25519-seed', randomBytes(32));
      show(file, await signerOf(file), { options, terminal });
    });
  keys
    .command('show <file>')
    .description('show the public key and the key id of a key file')
    .option('--json', 'write the result as JSON')
    .action(async (file: string, options: KeyOptions) => show(file, await signerOf(file), { options, terminal }));
  keys
    .command('sign-opening <opening>')
    .description('add a root’s signature to opening.json, after showing what it says')
    .requiredOption('--key <file>', 'the root officer’s key file')
    .option('--json', 'write the result as JSON')
    .action((opening: string, options: KeyOptions) => signOpeningFile(opening, options, terminal));
  return keys;
}

async function signOpeningFile(path: string, options: KeyOptions, terminal: Terminal): Promise<void> {
  const signed = signOpening(await readOpeningOrThrow(path), await signerOf(options.key));
  await writeOpening(path, signed);
  const { origin, openingDay, roots } = termsOf(signed);
  const missing = missingSignatures(signed, sodiumVerifier);
  if (options.json === true) return terminal.out(JSON.stringify({ origin, openingDay, roots, missing }));
  terminal.out(`Signed the opening of ${origin} on ${openingDay} with ${roots.length} roots.`);
  terminal.out(missing.length === 0 ? 'Every root has signed.' : `Still to sign: ${missing.join(', ')}.`);
}

async function signerOf(file: string): Promise<Signer> {
  return sodiumSigner(await readKeyFileOrThrow(file, 'ed25519-seed'));
}

function show(
  file: string,
  { publicKey, keyId }: Signer,
  { options, terminal }: { options: { readonly json?: boolean }; terminal: Terminal },
): void {
  const shown = { file, publicKey: base64Encode(publicKey), keyId };
  if (options.json === true) return terminal.out(JSON.stringify(shown));
  terminal.out(`public key  ${shown.publicKey}\nkey id      ${shown.keyId}`);
}

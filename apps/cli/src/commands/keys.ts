import { randomBytes } from 'node:crypto';
import { createKeyFile } from '@aidtrail/crypto-node';
import { base64Encode, type Signer } from '@aidtrail/envelope';
import { completeRotation, draftRotation } from '@aidtrail/nest';
import { Command } from 'commander';
import { configFrom, withShared, type SharedOptions } from '../settings.js';
import type { Terminal } from '../terminal.js';
import { addSigningCommands, signerOf } from './signing.js';

interface KeyOptions {
  readonly json?: boolean;
}

/** Key files hold an Ed25519 seed, mode 600. Only the rotation of the event key opens the ledger. */
export function keysCommand(terminal: Terminal): Command {
  const keys = new Command('keys').description(
    'make and show key files; sign the opening of a ledger; exchange the event key',
  );
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
  withShared(keys.command('rotate-event-key'))
    .description('exchange the key that signs events; two roots sign, and no server runs meanwhile')
    .option('--officer <name>', 'the root officer who signs first; the first one by default')
    .option('--complete <rotation>', 'hand in a rotation that two roots have signed, and exchange the key')
    .addHelpText('after', ROTATION_HELP)
    .action((options: RotationOptions) => rotateEventKey(options, terminal));
  addSigningCommands(keys, terminal);
  return keys;
}

const ROTATION_HELP = `
Three steps, with the server stopped for the first and the last:
  aidtrail keys rotate-event-key                                  makes the next key and rotation.json
  aidtrail keys sign-rotation --key <key file> rotation.json      two roots, anywhere, also offline
  aidtrail keys rotate-event-key --complete rotation.json         may be repeated if it was cut off`;

interface RotationOptions extends SharedOptions {
  readonly officer?: string;
  readonly complete?: string;
}

async function rotateEventKey(options: RotationOptions, terminal: Terminal): Promise<void> {
  const config = configFrom(options);
  if (options.complete !== undefined) {
    const status = await completeRotation(config, options.complete);
    if (options.json === true) return terminal.out(JSON.stringify({ status }));
    terminal.out(status === 'rotated' ? 'The event key was exchanged.' : 'The event key had been exchanged already.');
    return terminal.out('Keep a copy of the keys outside this machine, and start the server again.');
  }
  const drafted = await draftRotation(config, { officer: options.officer });
  if (options.json === true) return terminal.out(JSON.stringify(drafted));
  terminal.out(`Wrote ${drafted.rotationFile}; the next event key is ${drafted.publicKey}.`);
  terminal.out(`${drafted.firstOfficer} and one other root sign it, before two more days have begun in the ledger:`);
  terminal.out(`  aidtrail keys sign-rotation --key <key file> ${drafted.rotationFile}`);
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

import { demoCommand } from './commands/demo.js';
import { exportCommand } from './commands/export-disclosures.js';
import { importCommand } from './commands/import-roster.js';
import { initCommand } from './commands/init.js';
import { keysCommand } from './commands/keys.js';
import { proofCommand } from './commands/proof.js';
import { rebuildCommand } from './commands/rebuild.js';
import { serveCommand } from './commands/serve.js';
import { witnessCommand } from './commands/witness.js';

/** What is done with a ledger of one's own. */
export const operatingCommands = [
  ...[initCommand, serveCommand, demoCommand, importCommand],
  ...[exportCommand, rebuildCommand, proofCommand, keysCommand, witnessCommand],
] as const;

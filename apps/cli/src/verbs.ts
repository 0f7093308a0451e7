import type { Command } from 'commander';
import type { Terminal } from './terminal.js';

export type CommandMaker = (terminal: Terminal) => Command;

/** Every verb, loaded only when it is asked for: the server takes longer to load than a small audit, or a witness. */
export const verbs: Readonly<Record<string, () => Promise<CommandMaker>>> = {
  init: async () => (await import('./commands/init.js')).initCommand,
  serve: async () => (await import('./commands/serve.js')).serveCommand,
  demo: async () => (await import('./commands/demo.js')).demoCommand,
  import: async () => (await import('./commands/import-roster.js')).importCommand,
  export: async () => (await import('./commands/export-disclosures.js')).exportCommand,
  rebuild: async () => (await import('./commands/rebuild.js')).rebuildCommand,
  store: async () => (await import('./commands/store-copy.js')).storeCommand,
  proof: async () => (await import('./commands/proof.js')).proofCommand,
  keys: async () => (await import('./commands/keys.js')).keysCommand,
  witness: async () => (await import('./commands/witness.js')).witnessCommand,
  audit: async () => (await import('./commands/audit.js')).auditCommands,
  'audit-kit': async () => (await import('./commands/audit.js')).auditKitCommand,
};

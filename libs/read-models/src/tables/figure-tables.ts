import { defineTable } from './define.js';

/** What of the public figures was counted so far and not told yet: one row, with id 0. */
const figureStates = defineTable('figure_states', 'entity', { id: 'int', state: 'json' }, { key: ['id'] });

/**
 * The documents of each cut, whether or not they were published: `document` is what `digest` is the SHA-256 of, base64;
 * the second document has what only disclosures tell.
 */
const figureDocuments = defineTable(
  'figure_documents',
  'log',
  {
    cut: 'bigint',
    digest: 'text',
    document: 'text',
    disclosed_digest: 'text?',
    disclosed_document: 'text?',
  },
  { key: ['cut'] },
);

/** What the ledger committed itself to. */
const figurePublications = defineTable(
  'figure_publications',
  'log',
  { position: 'bigint', cut: 'bigint', digest: 'text', disclosed_digest: 'text?' },
  { key: ['position'], indexes: [['cut']] },
);

export const figureTables = { figureStates, figureDocuments, figurePublications };

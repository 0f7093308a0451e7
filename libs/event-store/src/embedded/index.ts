export { createDatabase, dropDatabase } from './databases.js';
export { startEmbeddedPostgres, startTemporaryPostgres } from './embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
export { DataDirectoryInUse } from '@aidtrail/data-directory';

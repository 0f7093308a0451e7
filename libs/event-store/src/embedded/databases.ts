import pg from 'pg';

/** Creates an empty UTF-8 database with C collation on the server of the connection string, unless it is there. */
export async function createDatabase(connectionString: string, database: string): Promise<void> {
  await withClient(connectionString, async (client) => {
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rows.length > 0) return;
    const name = client.escapeIdentifier(database);
    await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`);
  });
}

/** Drops a database with everything in it and ends the connections to it. The connection string names another one. */
export async function dropDatabase(connectionString: string, database: string): Promise<void> {
  await withClient(connectionString, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`);
  });
}

async function withClient(connectionString: string, action: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // the failing query reports it
  await client.connect();
  try {
    await action(client);
  } finally {
    await client.end();
  }
}

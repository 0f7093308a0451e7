// Makes the user of a KurrentDB cluster that a ledger connects as, and lets it read $all, which only administrators may
// otherwise. Can be repeated: a user that is there keeps its password. Prints no password.
//
//   KURRENTDB_NODE            https://host:port of any node; its authority in NODE_EXTRA_CA_CERTS
//   KURRENTDB_ADMIN_PASSWORD  of `admin`
//   KURRENTDB_LEDGER_PASSWORD of `ledger`, the user that is made
import { Buffer } from 'node:buffer';
import { EventStoreDBClient } from '@eventstore/db-client';

const { KURRENTDB_NODE, KURRENTDB_ADMIN_PASSWORD, KURRENTDB_LEDGER_PASSWORD, NODE_EXTRA_CA_CERTS } = process.env;
const missing = Object.entries({ KURRENTDB_NODE, KURRENTDB_ADMIN_PASSWORD, KURRENTDB_LEDGER_PASSWORD })
  .filter(([, value]) => value === undefined || value === '')
  .map(([name]) => name);
if (missing.length > 0) {
  console.error(`Set ${missing.join(', ')}.`);
  process.exit(2);
}

const node = new URL(KURRENTDB_NODE);
const basic = Buffer.from(`admin:${KURRENTDB_ADMIN_PASSWORD}`).toString('base64');
const answer = await fetch(new URL('/users/', node), {
  method: 'POST',
  headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
  body: JSON.stringify({ loginName: 'ledger', fullName: 'aidtrail', groups: [], password: KURRENTDB_LEDGER_PASSWORD }),
});
// A user that is there with this password is no conflict; 409 says that its password is another one.
const isOther = answer.status === 409;
if (!answer.ok && !isOther) {
  console.error(`KurrentDB did not make the user: HTTP ${answer.status}. Is the password of admin the right one?`);
  process.exit(1);
}

const security = node.protocol === 'https:' ? `tls=true&tlsCAFile=${NODE_EXTRA_CA_CERTS}` : 'tls=false';
const client = EventStoreDBClient.connectionString(`esdb://${node.host}?${security}`);
try {
  await client.setStreamMetadata(
    '$all',
    { acl: { readRoles: ['$admins', 'ledger'] } },
    { credentials: { username: 'admin', password: KURRENTDB_ADMIN_PASSWORD } },
  );
  process.stdout.write('The user ledger may read $all.\n');
} finally {
  await client.dispose();
}
if (isOther) {
  console.error('But it has another password than KURRENTDB_LEDGER_PASSWORD: change one of the two.');
  process.exit(1);
}

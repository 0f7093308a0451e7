/** What a connection string of KurrentDB says, read as the client reads it, and refused where the client would go wrong. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';

/** The parts of an `esdb://` or `esdb+discover://` address that are needed beside the client. */
export interface Address {
  /** Empty if the address names nobody. */
  readonly username: string;
  readonly password: string;
  readonly endpoints: readonly { readonly host: string; readonly port: number }[];
  /** Undefined without TLS (`tls=false`). `ca` is the content of `tlsCAFile`; without it the system's authorities count. */
  readonly tls: { readonly ca?: Buffer } | undefined;
}

const defaultPort = 2113;

const notEncoded =
  'the address of KurrentDB has the user and the password before one @, as user:password@host: ' +
  'in both of them write : as %3A, @ as %40, / as %2F and % as %25';

/** In lower case: the client does not tell the cases apart. */
const options: ReadonlySet<string> = new Set([
  'tls',
  'tlscafile',
  'connectionname',
  'discoveryinterval',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
  'maxdiscoverattempts',
  'nodepreference',
]);

/** Throws TypeError for a string that the client cannot use; the message repeats neither it nor its password. */
export function addressOrThrow(connectionString: string): Address {
  const match = /^esdb(?:\+discover)?:\/\/(?:([^:@/]*):([^@/]*)@)?([^?/]+)\/?(?:\?(.*))?$/.exec(connectionString);
  if (!match) {
    if (/^esdb[^?]*@/.test(connectionString)) throw new TypeError(notEncoded);
    throw new TypeError('the address of KurrentDB begins with esdb:// or esdb+discover://');
  }
  const [, username = '', password = '', hosts = '', query = ''] = match;
  // The rest of a password that the client would take for a host, and name; of one with a colon it would drop the rest.
  if (hosts.includes('@') || password.includes(':')) throw new TypeError(notEncoded);
  const given = new Map<string, string>();
  for (const option of query.split('&').filter((one) => one !== '')) {
    const [name = '', ...value] = option.split('=');
    // The client would print the whole address, with the password, or behave as nothing here expects.
    if (!options.has(name.toLowerCase())) {
      throw new TypeError(`the address of KurrentDB may have these options and no others: ${[...options].join(', ')}`);
    }
    given.set(name.toLowerCase(), value.join('='));
  }
  const secure = given.get('tls')?.toLowerCase() !== 'false';
  if (secure && username === '') throw new TypeError('an esdb:// address with TLS needs a user and a password');
  const caFile = given.get('tlscafile');
  return {
    username: decodedOrThrow(username),
    password: decodedOrThrow(password),
    endpoints: hosts.split(',').map(endpointOrThrow),
    tls: secure ? (caFile === undefined ? {} : { ca: authoritiesOrThrow(caFile) }) : undefined,
  };
}

function endpointOrThrow(text: string): Address['endpoints'][number] {
  const [host = '', port = String(defaultPort), ...rest] = text.split(':');
  if (host.trim() === '' || rest.length > 0) throw new TypeError('a host in the address of KurrentDB is not host:port');
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw new TypeError('a port in the address of KurrentDB is a number from 1 to 65535');
  }
  return { host, port: Number(port) };
}

function decodedOrThrow(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new TypeError('the user or the password in the address of KurrentDB has a % that encodes nothing: write %25');
  }
}

/** The client takes the path as it stands, from the working directory if it is relative. */
function authoritiesOrThrow(file: string): Buffer {
  let ca: Buffer;
  try {
    ca = readFileSync(resolve(file));
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new TypeError(`tlsCAFile of KurrentDB's address cannot be read (${code}): ${file}`, { cause: error });
  }
  if (!isUsable(ca)) throw new TypeError(`tlsCAFile of KurrentDB's address holds no certificate in PEM: ${file}`);
  return ca;
}

function isUsable(ca: Buffer): boolean {
  try {
    createSecureContext({ ca });
    return ca.includes('-----BEGIN CERTIFICATE-----');
  } catch {
    return false;
  }
}

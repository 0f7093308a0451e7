import type { Caller } from './node.js';
import { streamOfMetastream } from './kept.js';
import type { KurrentMemory } from './memory.js';
import { accessDenied, badCredentials } from './rpc-errors.js';
import type { AclKey } from './stream-metadata.js';

export type Operation = 'read' | 'write' | 'delete';

export interface KurrentUser {
  readonly password: string;
  /** `$admins` may do everything. */
  readonly groups?: readonly string[];
}

export type Authorize = (caller: Caller, operation: Operation, stream: string) => void;

/**
 * Basic credentials against a list of users, then the access list of the stream: its own (metadata `$acl`), or else
 * everybody who is known for a stream of a user, and the administrators for `$all` and all other streams with a `$`.
 * Whoever gives no credentials may do nothing.
 */
export function authorizeBy(users: Readonly<Record<string, KurrentUser>>, memory: KurrentMemory): Authorize {
  return (caller, operation, stream) => {
    const name = authenticate(caller, users);
    if (name === undefined) throw accessDenied();
    const roles = [name, '$all', ...(users[name]?.groups ?? [])];
    if (roles.includes('$admins')) return;
    if (stream === '$all' && operation !== 'read') throw accessDenied();
    const original = streamOfMetastream(stream);
    if (original !== undefined && operation === 'delete') throw accessDenied();
    const subject = original ?? stream;
    const key = original === undefined ? keys[operation] : metadataKeys[operation];
    const allowed = memory.stream(subject)?.metadata.acl?.[key] ?? [subject.startsWith('$') ? '$admins' : '$all'];
    if (!allowed.some((role) => roles.includes(role))) throw accessDenied();
  };
}

const keys: Record<Operation, AclKey> = { read: '$r', write: '$w', delete: '$d' };
const metadataKeys: Record<Operation, AclKey> = { read: '$mr', write: '$mw', delete: '$mw' };

/** The name of who calls; nothing without credentials. */
function authenticate(caller: Caller, users: Readonly<Record<string, KurrentUser>>): string | undefined {
  const header = caller.metadata.get('authorization')[0]?.toString();
  if (header === undefined) return undefined;
  const [scheme, encoded] = header.split(' ');
  if (scheme !== 'Basic') throw badCredentials();
  const pair = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const name = pair.slice(0, pair.indexOf(':'));
  if (users[name]?.password !== pair.slice(name.length + 1)) throw badCredentials();
  return name;
}

import { MalformedInput } from '@aidtrail/envelope';

/** The fault of all readers of this package: `where` names the format, `what` the trouble, never the input itself. */
export function malformed(where: 'checkpoint' | 'compact range' | 'note' | 'note key', what: string): MalformedInput {
  return new MalformedInput('bad_shape', `${where}: ${what}`);
}

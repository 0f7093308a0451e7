import { MalformedInput } from '@aidtrail/envelope';

type Format =
  | 'checkpoint'
  | 'compact range'
  | 'entry bundle'
  | 'note'
  | 'note key'
  | 'policy'
  | 'proof file'
  | 'tile'
  | 'witness request';

/** The fault of all readers of this package: `where` names the format, `what` the trouble, never the input itself. */
export function malformed(where: Format, what: string): MalformedInput {
  return new MalformedInput('bad_shape', `${where}: ${what}`);
}

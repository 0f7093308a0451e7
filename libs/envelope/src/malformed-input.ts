/** Every way in which bytes or values can fail to be what the format requires. */
export type MalformedCode =
  | 'not_utf8'
  | 'not_base64'
  | 'not_base64url'
  | 'not_hex'
  | 'not_json'
  | 'not_uuid'
  | 'duplicate_key'
  | 'not_canonical'
  | 'lone_surrogate'
  | 'not_safe_integer'
  | 'null_not_allowed'
  | 'not_a_json_value'
  | 'too_deep'
  | 'too_large'
  | 'bad_shape'
  | 'bad_command_id'
  | 'bad_key_id'
  | 'bad_disclosure';

/**
 * The fault of all readers of this package. The message names the place and says what to do; it never repeats the
 * input, which may hold personal data.
 */
export class MalformedInput extends Error {
  override readonly name = 'MalformedInput';

  constructor(
    readonly code: MalformedCode,
    message: string,
  ) {
    super(message);
  }
}

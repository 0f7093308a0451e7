/** What a witness did instead of cosigning. Nothing that it says is believed, so nothing but the code is kept. */
export type WitnessFaultCode =
  | 'unreachable'
  | 'too_slow'
  | 'answer_too_large'
  | 'refused'
  /** It does not know the log: its operators have to add the key. */
  | 'log_unknown'
  | 'bad_cosignature'
  | 'bad_size'
  /** It says that it holds more than was published, and shows no checkpoint of ours that proves it. */
  | 'claims_more'
  /** It says that the tree did not only grow, and shows no checkpoint of ours that proves it. */
  | 'claims_contradiction';

export class WitnessFault extends Error {
  override readonly name = 'WitnessFault';

  constructor(
    readonly code: WitnessFaultCode,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

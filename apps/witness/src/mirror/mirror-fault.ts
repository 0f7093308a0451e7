/** Why a mirror does not cosign what a log shows. */
export type MirrorFaultCode =
  | 'unreachable'
  /** A tile or bundle under the checkpoint is not there, or not whole: nobody could check it. */
  | 'log_withholds'
  /** What is there does not have the root, or the hashes, that the log has signed. */
  | 'log_serves_another_tree'
  /** Two signed checkpoints that cannot both be true. */
  | 'log_contradicts_itself'
  /** The clock of this machine is further behind its last cosignature than an adjustment. */
  | 'clock_behind'
  /** Not signed by the log, or no checkpoint. */
  | 'bad_checkpoint';

export class MirrorFault extends Error {
  override readonly name = 'MirrorFault';

  constructor(
    readonly code: MirrorFaultCode,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/**
 * The copy cannot be made, or cannot be vouched for. `target_differs`: the target holds something that the source does
 * not; `source_changed`: the source was written to while it was copied.
 */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';

  constructor(
    readonly code: 'target_differs' | 'source_changed',
    message: string,
  ) {
    super(message);
  }
}

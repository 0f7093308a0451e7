/** The figures of a trace do not add up: a bug in the projections, never the donor's to see. */
export class TraceMismatch extends Error {
  override readonly name = 'TraceMismatch';
}

/** A command without its id; distributes over unions, so that `type` still tells the members apart. */
export type WithoutId<C> = C extends unknown ? Omit<C, 'id'> : never;

/**
 * A command that follows from an event. The ledger gives the ids: the j-th event of an effect has the id
 * UUIDv5(id of the causing event, decimal(index + j)). So an effect that is repeated after a crash makes an event whose
 * id is in the store already, and an auditor who runs the same `react` function knows which events must exist.
 */
export interface Effect<C> {
  readonly index: number;
  /** The stream that decides the command, `category-id`. */
  readonly stream: string;
  readonly command: WithoutId<C>;
}

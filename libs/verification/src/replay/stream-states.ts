import { concepts, type AnyConcept, type DomainEvent, type Recorded } from '@aidtrail/domain';
import { PackedStates } from './packed-states.js';
import { WholeStates, type FoldedStream, type States } from './states.js';

/** Streams of one category: the concept that decides and folds them, and what has been folded so far. */
export interface Home {
  readonly category: string;
  readonly concept: AnyConcept;
  readonly states: States;
}

/** The states of all streams of a ledger, each folded by its own decider; nearly all of them packed. */
export class StreamStates {
  private readonly homes = new Map<string, Home>();
  private readonly byType = new Map<string, Home>();

  constructor() {
    for (const concept of Object.values(concepts as unknown as Readonly<Record<string, AnyConcept>>)) {
      const { category, decider, packing } = concept;
      const states =
        packing === undefined ? new WholeStates(decider.initial) : new PackedStates({ category, decider, packing });
      const home: Home = { category, concept, states };
      this.homes.set(category, home);
      for (const type of Object.keys(concept.events)) this.byType.set(type, home);
    }
  }

  /** The number of streams that have events. */
  get size(): number {
    let count = 0;
    for (const { states } of this.homes.values()) count += states.size;
    return count;
  }

  /** Where events of this type are at home; undefined for a type that this version does not know. */
  homeOfType(type: string): Home | undefined {
    return this.byType.get(type);
  }

  /** Undefined for a stream of a category that this version does not know. */
  homeOfStream(stream: string): Home | undefined {
    return this.homes.get(categoryOf(stream));
  }

  /** Undefined if the stream has no events. */
  stateOf(stream: string): FoldedStream | undefined {
    return this.homeOfStream(stream)?.states.get(stream);
  }

  /** All streams of a category, in no particular order. */
  streamsOf(category: string): Iterable<readonly [stream: string, folded: FoldedStream]> {
    return this.homes.get(category)?.states.entries() ?? [];
  }
}

/** Whether a stream such as `voucher-…` is of this category. */
export function isOfCategory(stream: string, category: string): boolean {
  return stream.charCodeAt(category.length) === DASH && stream.startsWith(category);
}

function categoryOf(stream: string): string {
  return stream.slice(0, stream.indexOf('-'));
}

export function evolved({ concept }: Home, before: FoldedStream, event: Recorded<DomainEvent>): unknown {
  return concept.decider.evolve(before.state, event);
}

const DASH = 0x2d;

import type { Fact, Leaf } from '@aidtrail/envelope';
import type { Report } from '../findings/finding.js';
import type { FoldedStream } from '../replay/states.js';
import type { FactWindow } from './fact-window.js';

const NO_FACTS: readonly Fact[] = [];

/**
 * The facts that one leaf names, handed out as its decision asks for them. What is asked for and not named, what cannot
 * be taken, and what is named and not asked for, is reported. One object serves all leaves.
 */
export class FactsOfLeaf {
  /** Whether something that the decision rests on could not be handed out: then nobody can decide. */
  incomplete = false;

  /** Of the leaf. */
  index = 0;
  isSigned = false;
  private named: readonly Fact[] = NO_FACTS;
  /** By place. */
  private used = new Uint8Array(64);

  constructor(
    private readonly window: FactWindow,
    private readonly report: Report,
  ) {}

  begin(leaf: Leaf, index: number): void {
    this.index = index;
    this.isSigned = 'body' in leaf.command;
    this.named = leaf.facts ?? NO_FACTS;
    if (this.used.length < this.named.length) this.used = new Uint8Array(2 * this.named.length);
    else this.used.fill(0, 0, this.named.length);
    this.incomplete = false;
  }

  /** The stream in the version that the leaf names. */
  need(stream: string): FoldedStream | undefined {
    const fact = this.take(stream);
    if (fact !== undefined) return this.resolve(fact);
    this.missing(stream);
    return undefined;
  }

  /** The leaf lacks a fact. */
  missing(subject: string): void {
    this.incomplete = true;
    this.report({ code: 'fact_missing', leaf: this.index, subject });
  }

  /** The same for a stream that must be named only if it exists. */
  needIfThere(stream: string): FoldedStream | undefined {
    const fact = this.take(stream);
    if (fact !== undefined) return this.resolve(fact);
    return (this.window.present(stream)?.version ?? 0) > 0 ? this.need(stream) : undefined;
  }

  /** The stream as it is now, whatever the leaf names. */
  peek(stream: string): FoldedStream | undefined {
    return this.window.present(stream);
  }

  /** A fact that stands in a disclosure is told of by what it is for: whom it is about is not ours to publish. */
  resolve([stream, version]: Fact, subject: string = stream): FoldedStream | undefined {
    const found = this.window.at(stream, version, this);
    if (typeof found === 'object') return found;
    this.incomplete = true;
    this.report({ code: found, leaf: this.index, subject, actual: version });
    return undefined;
  }

  end(): void {
    for (let i = 0; i < this.named.length; i += 1) {
      if (this.used[i] === 1) continue;
      const [stream, version] = this.named[i] as Fact;
      this.report({ code: 'fact_needless', leaf: this.index, subject: stream, actual: version });
    }
  }

  private take(stream: string): Fact | undefined {
    const { named } = this;
    for (let i = 0; i < named.length; i += 1) {
      const fact = named[i] as Fact;
      if (fact[0] !== stream) continue;
      this.used[i] = 1;
      return fact;
    }
    return undefined;
  }
}

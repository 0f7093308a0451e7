import { streamConcept, type SweptEvent } from '@aidtrail/domain';
import { openDisclosures, sha1, sha256, type Leaf } from '@aidtrail/envelope';
import type { LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOf } from '@aidtrail/testing/reading';
import type { AuditedLeaf } from '../audit/leaf-check.js';
import type { Finding } from '../findings/finding.js';
import type { FoldedStream } from '../replay/states.js';
import { createEffectChecks, type MoneySummary } from './effect-checks.js';

/** A leaf with its disclosures opened, or none. Specs may change anything in it: nothing looks at signatures here. */
export interface OpenLeaf {
  readonly leaf: Leaf;
  readonly private?: object;
}

export interface CheckedLog {
  readonly findings: readonly Finding[];
  readonly summary: MoneySummary;
}

/** A ledger's log as anyone reads it, and as an auditor with all disclosures does. */
export async function openLeavesOf(
  h: LedgerHarness,
): Promise<{ readonly public: OpenLeaf[]; readonly disclosed: OpenLeaf[] }> {
  const read = await leavesOf(h.store);
  const disclosed: OpenLeaf[] = [];
  for (const { stored, leaf } of read) {
    const disclosures = await h.disclosuresOf(stored);
    disclosed.push(disclosures.length === 0 ? { leaf } : { leaf, private: openDisclosures(disclosures) });
  }
  return { public: read.map(({ leaf }) => ({ leaf })), disclosed };
}

/** Folds leaves by the deciders of their streams, as an audit does, and gives each to the checks of effects and money. */
export function checkLeaves(leaves: readonly OpenLeaf[], hasDisclosures = false): CheckedLog {
  const findings: Finding[] = [];
  const streams = new Map<string, FoldedStream>();
  const money = createEffectChecks({
    report: (finding) => findings.push(finding),
    states: { stateOf: (stream) => streams.get(stream) },
    sha256,
    sha1,
    hasDisclosures,
  });
  for (const [index, open] of leaves.entries()) {
    const audited = fold(streams, index, open);
    for (const check of money.checks) check.take(audited);
  }
  for (const check of money.checks) check.end();
  return { findings, summary: money.summary() };
}

function fold(streams: Map<string, FoldedStream>, index: number, { leaf, private: disclosed }: OpenLeaf): AuditedLeaf {
  const { type, stream, id, day, data } = leaf;
  const decider = streamConcept(stream)?.decider;
  if (decider === undefined) throw new Error('A leaf has a stream of no known category.');
  const event = {
    type,
    data,
    ...(disclosed === undefined ? {} : { private: disclosed }),
    id,
    position: index,
    day,
    stream,
  };
  const before = streams.get(stream) ?? { version: 0, state: decider.initial };
  const state = decider.evolve(before.state, event);
  const after = { version: before.version + 1, state };
  streams.set(stream, after);
  return { index, leaf, event: event as unknown as SweptEvent, before, after };
}

import type { Fact, FactRequest } from '@aidtrail/domain';
import type { Fact as LeafFact, JsonValue } from '@aidtrail/envelope';
import type { FoldedStream, StreamSource } from '../streams.js';

/** The facts of one decision, and how its event records them. */
export interface GatheredFacts {
  /** By the name that the decider asked for. */
  readonly byName: Readonly<Record<string, Fact<unknown>>>;
  readonly published: readonly LeafFact[];
  /** Facts whose stream would identify somebody; they become a disclosure named `facts`. */
  readonly identifying: readonly LeafFact[];
}

type Needs = (have: Readonly<Record<string, unknown>>) => readonly FactRequest[];

/** Turns a request such as `settlement?…`, which the domain cannot name, into a stream, or undefined if there is none. */
export type ResolveStream = (request: FactRequest) => Promise<string | undefined>;

/**
 * Loads what a decision needs, in rounds: a campaign tells the programme, the programme is asked for next. Ends when
 * nothing new is asked for.
 */
export async function gatherFacts(
  needs: Needs,
  streams: StreamSource,
  options: { readonly always: readonly FactRequest[]; readonly resolve: ResolveStream },
): Promise<GatheredFacts> {
  const first = [...options.always, ...needs(NO_FACTS.byName)];
  if (first.length === 0) return NO_FACTS;
  const byName: Record<string, Fact<unknown>> = {};
  const asked = new Map<string, FactRequest>();
  const missing = new Set<string>();
  let requests = first;
  while (requests.length > 0) {
    const loaded = await Promise.all(requests.map((request) => loadFact(request, streams, options.resolve)));
    requests.forEach((request, i) => {
      const fact = loaded[i];
      if (fact === undefined) missing.add(request.name);
      else {
        byName[request.name] = fact;
        asked.set(request.name, request);
      }
    });
    requests = needs(byName).filter((request) => byName[request.name] === undefined && !missing.has(request.name));
  }
  return { byName, ...recordedAs(byName, asked) };
}

/**
 * A source that gives again what a decision has read already, so that the event names the versions that the decision
 * rests on, and never newer ones.
 */
export function alreadyRead(read: readonly FoldedStream[], streams: StreamSource): StreamSource {
  const known = new Map(read.map((folded) => [folded.stream, folded]));
  return {
    load: (stream) => {
      const folded = known.get(stream);
      return folded === undefined ? streams.load(stream) : Promise.resolve(folded);
    },
  };
}

/** Most decisions in bulk need none. */
const NO_FACTS: GatheredFacts = { byName: {}, published: [], identifying: [] };

async function loadFact(
  request: FactRequest,
  streams: StreamSource,
  resolve: ResolveStream,
): Promise<FoldedStream | undefined> {
  const stream = request.stream.includes('?') ? await resolve(request) : request.stream;
  return stream === undefined ? undefined : streams.load(stream);
}

function recordedAs(
  byName: Readonly<Record<string, Fact<unknown>>>,
  asked: ReadonlyMap<string, FactRequest>,
): { readonly published: readonly LeafFact[]; readonly identifying: readonly LeafFact[] } {
  const published = new Map<string, number>();
  const identifying = new Map<string, number>();
  for (const [name, request] of asked) {
    const fact = byName[name] as Fact<unknown>;
    (request.identifying === true ? identifying : published).set(fact.stream, fact.version);
  }
  return { published: [...published], identifying: [...identifying].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** The private fields that the ledger adds to an event: what the decider made, less what the command disclosed itself. */
export function ownPrivateFields(
  made: Readonly<Record<string, JsonValue>> | undefined,
  disclosedByCommand: Readonly<Record<string, JsonValue>>,
  identifying: readonly LeafFact[],
): Readonly<Record<string, JsonValue>> | undefined {
  const own: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(made ?? {})) {
    if (!Object.hasOwn(disclosedByCommand, name)) own[name] = value;
  }
  if (identifying.length > 0) own['facts'] = identifying.map(([stream, version]) => [stream, version]);
  return Object.keys(own).length === 0 ? undefined : own;
}

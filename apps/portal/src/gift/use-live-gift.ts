import { useCallback, useEffect, useRef, useState } from 'react';
import { askApi, readTerms, type Answer } from '../shell/server.js';
import type { StreamState } from '../stream/follow-stream.js';
import { useStream, waitInBrowser } from '../stream/use-stream.js';
import { readCampaigns, type Campaign } from './campaigns.js';
import { keepAsking, type Asking, type Kept } from './keep-asking.js';
import { readTrace, type GiftTrace } from './trace.js';

export interface Gift {
  readonly trace: GiftTrace;
  readonly campaigns: ReadonlyMap<string, Campaign>;
  readonly currency: string;
}

interface LiveGift {
  /** Undefined until there is an answer. */
  readonly kept: Kept<Gift> | undefined;
  readonly stream: StreamState;
  /** For some seconds after a change. */
  readonly isChanged: boolean;
  readonly again: () => void;
}

const MARKED_FOR = 6_000;

/** A gift as it is now: asked for when the page opens and whenever the server says that the log was published. */
export function useLiveGift(traceCode: string): LiveGift {
  const [kept, setKept] = useState<Kept<Gift>>();
  const [marked, setMarked] = useState(0);
  const asking = useRef<Asking>(undefined);
  useEffect(() => {
    const one = keepAsking<Gift>({
      ask: askerOf(traceCode),
      sizeOf: ({ trace }) => trace.asOf,
      isSame: (before, now) => contentOf(before.trace) === contentOf(now.trace),
      onKept: setKept,
      wait: waitInBrowser,
      random: Math.random,
    });
    asking.current = one;
    return () => one.close();
  }, [traceCode]);
  const stream = useStream(
    'log',
    useCallback((size) => asking.current?.published(size), []),
  );
  const changes = kept?.changes ?? 0;
  useEffect(() => {
    const timer = setTimeout(() => setMarked(changes), MARKED_FOR);
    return () => clearTimeout(timer);
  }, [changes]);
  const again = useCallback(() => asking.current?.again(), []);
  return { kept, stream, isChanged: changes > marked, again };
}

/** Asks for the gift, and for the terms of those campaigns that it has not asked for before. */
function askerOf(traceCode: string): () => Promise<Answer<Gift>> {
  let campaigns: ReadonlyMap<string, Campaign> = new Map();
  return async () => {
    const [answer, terms] = await Promise.all([
      askApi('traces', readTrace, { traceCode: traceCode.slice(0, 200) }),
      readTerms(),
    ]);
    if (answer.kind !== 'answered') return answer;
    const missing = answer.value.batches.map(({ campaign }) => campaign).filter((id) => !campaigns.has(id));
    campaigns = new Map([...campaigns, ...(await readCampaigns(missing))]);
    const currency = terms.kind === 'answered' ? terms.value.currency : 'CNY';
    return { ...answer, value: { trace: answer.value, campaigns, currency } };
  };
}

/** Everything that a donor sees; how far the log has come meanwhile is no change of the gift. */
function contentOf(trace: GiftTrace): string {
  return JSON.stringify({ ...trace, asOf: 0, evidence: undefined });
}

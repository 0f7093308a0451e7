import { useCallback, useEffect, useRef, useState } from 'react';
import { askApi, type Answer } from '../shell/server.js';
import type { StreamState } from '../stream/follow-stream.js';
import { useStream } from '../stream/use-stream.js';
import { changesBetween } from './changes.js';
import { readDisclosed, readFigures, withDisclosed, type ShownFigures } from './read-figures.js';

export const FIGURES = 'public/figures';
export const DISCLOSED = 'public/figures/disclosed';

/** One publication as it is shown. */
export interface Published {
  readonly figures: ShownFigures;
  /** The document as it was sent: its digest stands in the log. */
  readonly text: string;
  readonly hasDisclosed: boolean;
}

interface LiveFigures {
  /** Undefined until there is an answer. */
  readonly answer: Answer<Published> | undefined;
  readonly stream: StreamState;
  /** Paths of the numbers that the last publication changed; empty again after a while. */
  readonly changed: ReadonlySet<string>;
  readonly again: () => void;
}

const NONE: ReadonlySet<string> = new Set();
const MARKED_FOR = 6_000;
/** A server that told of figures may be another than the one that is asked for them. */
const TRIES = 5;
const BETWEEN_TRIES = 300;

/** The newest figures, asked for when the page opens and whenever the server says that there are others. */
export function useLiveFigures(): LiveFigures {
  const [answer, setAnswer] = useState<Answer<Published>>();
  const [changed, setChanged] = useState(NONE);
  const shown = useRef<Answer<Published>>(undefined);
  const ask = useCallback(async (cut?: number): Promise<void> => {
    const next = settled(shown.current, await askUntil(cut));
    const before = shown.current;
    shown.current = next;
    setAnswer(next);
    if (before?.kind === 'answered' && next.kind === 'answered')
      setChanged((marked) => {
        const changes = changesBetween(before.value.figures, next.value.figures);
        return changes.size === 0 ? marked : changes;
      });
  }, []);
  useEffect(() => void ask(), [ask]);
  useEffect(() => {
    if (changed === NONE) return undefined;
    const timer = setTimeout(() => setChanged(NONE), MARKED_FOR);
    return () => clearTimeout(timer);
  }, [changed]);
  const onPublished = useCallback(
    (cut: number | undefined): void => {
      // The stream begins by telling what is published already.
      if (cut === undefined || !isShown(shown.current, cut)) void ask(cut);
    },
    [ask],
  );
  const stream = useStream('figures', onPublished);
  return { answer, stream, changed, again: useCallback(() => void ask(), [ask]) };
}

function isShown(shown: Answer<Published> | undefined, cut: number): boolean {
  return shown?.kind === 'answered' && shown.old === undefined && shown.value.figures.treeSize >= cut;
}

async function askUntil(cut: number | undefined): Promise<Answer<Published>> {
  for (let tried = 1; ; tried += 1) {
    const answer = await askFigures();
    const isThere = answer.kind === 'answered' && (cut === undefined || answer.value.figures.treeSize >= cut);
    if (isThere || cut === undefined || tried === TRIES) return answer;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES));
  }
}

async function askFigures(): Promise<Answer<Published>> {
  const [answer, disclosed] = await Promise.all([
    askApi(FIGURES, (value, text) => {
      const figures = readFigures(value);
      return figures && { figures, text };
    }),
    askApi(DISCLOSED, readDisclosed),
  ]);
  if (answer.kind !== 'answered') return answer;
  const { text } = answer.value;
  const isBehind = disclosed.kind === 'answered' && disclosed.value.treeSize !== answer.value.figures.treeSize;
  const second = isBehind ? await askApi(DISCLOSED, readDisclosed) : disclosed;
  const figures = withDisclosed(answer.value.figures, second.kind === 'answered' ? second.value : undefined);
  return { ...answer, value: { figures, text, hasDisclosed: figures !== answer.value.figures } };
}

/** What is on the page stays there when the server stops answering, and is never followed by something older. */
function settled(shown: Answer<Published> | undefined, next: Answer<Published>): Answer<Published> {
  if (shown?.kind !== 'answered') return next;
  const isFresh = next.kind === 'answered' && next.old === undefined;
  if (next.kind === 'answered' && next.value.figures.treeSize >= shown.value.figures.treeSize) return next;
  return isFresh ? shown : { ...shown, old: { from: shown.old?.from ?? shown.at } };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { utf8DecodeOrThrow, type SignedCommand } from '@aidtrail/envelope';
import type { CommandResult } from '@aidtrail/ledger';
import { Problem, problemOf, type ProblemDocument } from '@aidtrail/nest';
import { linesOf, type Line } from '../http/lines.js';
import { answerOf } from './command-answer.js';
import { orderedWindow } from './ordered-window.js';
import { MAX_ENVELOPE_BYTES, readCommandOrThrow } from './read-command.js';

const COMMANDS_AT_ONCE = 64;
const MAX_LINES = 1_000_000;

/**
 * NDJSON in, NDJSON out: for each line of the upload one line `{line, status, answer | problem}`, in the order of the
 * upload. Commands of one stream are taken in that order as well; a command that needs what another stream's command
 * brings about belongs into a later upload. A bad line is answered like any other and ends nothing.
 */
export function bulkResults(
  upload: AsyncIterable<Uint8Array>,
  options: {
    readonly submit: (signed: SignedCommand) => Promise<CommandResult>;
    /** Told of faults that are nobody's but ours. */
    readonly report: (fault: unknown) => void;
    readonly maxLines?: number;
  },
): AsyncIterable<string> {
  const { submit, report, maxLines = MAX_LINES } = options;
  const take = async (line: Line | 'too_many_lines'): Promise<string> => {
    if (line === 'too_many_lines') return problemLine(maxLines + 1, new Problem('too_many_lines').document);
    try {
      if ('tooLong' in line) throw new Problem('body_too_large');
      const answer = answerOf(await submit(readCommandOrThrow(line.bytes)));
      return 'answer' in answer ? answerLine(line.number, answer) : problemLine(line.number, answer.problem);
    } catch (fault) {
      const { document } = problemOf(fault);
      if (document.status === 500) report(fault);
      // A bad line is made and answered without waiting for anything: a body full of them would leave nobody else a turn.
      await nextTurn();
      return problemLine(line.number, document);
    }
  };
  return orderedWindow(atMost(linesOf(upload, MAX_ENVELOPE_BYTES), maxLines), take, COMMANDS_AT_ONCE);
}

async function* atMost(lines: AsyncIterable<Line>, maxLines: number): AsyncGenerator<Line | 'too_many_lines'> {
  let taken = 0;
  for await (const line of lines) {
    if (taken === maxLines) {
      yield 'too_many_lines';
      return;
    }
    taken += 1;
    yield line;
  }
}

/** The answer's bytes are JSON already and go in as they are. */
function answerLine(line: number, { answer, repeated }: { answer: Uint8Array; repeated: boolean }): string {
  const mark = repeated ? ',"repeated":true' : '';
  return `{"line":${line},"status":200${mark},"answer":${utf8DecodeOrThrow(answer)}}\n`;
}

function problemLine(line: number, problem: ProblemDocument): string {
  return `${JSON.stringify({ line, status: problem.status, problem })}\n`;
}

import { utf8DecodeOrThrow } from '@aidtrail/envelope';
import type { CommandResult } from '@aidtrail/ledger';
import { problemDocument, type ProblemDocument } from '@aidtrail/nest';
import { commandProblem } from './command-problems.js';

/** What a client gets for a command: the signed answer verbatim, or a problem document. */
export type CommandAnswer =
  | { readonly status: 200; readonly answer: Uint8Array; readonly repeated: boolean }
  | { readonly status: number; readonly problem: ProblemDocument; readonly repeated: boolean };

/** A refusal carries the signed answer inside its problem document; a rejection has none, for nothing was recorded. */
export function answerOf(result: CommandResult): CommandAnswer {
  if (result.kind === 'accepted') return { status: 200, answer: result.answerBytes, repeated: result.repeated };
  if (result.kind === 'rejected') {
    const text = commandProblem(result.code);
    const more = result.detail === undefined ? {} : { detail: result.detail };
    return { status: text.status, problem: problemDocument(text, more), repeated: false };
  }
  const text = commandProblem(result.code, result.commandType);
  const answer = JSON.parse(utf8DecodeOrThrow(result.answerBytes)) as unknown;
  const problem = problemDocument(text, { final: true, extensions: { answer } });
  return { status: text.status, problem, repeated: result.repeated };
}

import { createInterface } from 'node:readline/promises';

/** Where a command writes and what it may do there. Results go to `out`, everything else to `note`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
  /** Progress bars are for people who look. */
  readonly isInteractive: boolean;
  /** Rewrites the current line; does nothing unless interactive. */
  readonly progress: (text: string) => void;
  /** The line that a person types; undefined where nobody can. */
  readonly ask: (question: string) => Promise<string | undefined>;
}

export function processTerminal(): Terminal {
  const isInteractive = process.stderr.isTTY === true;
  process.stdout.on('error', endUnheard);
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    note: (text) => process.stderr.write(`${text}\n`),
    isInteractive,
    progress: (text) => {
      if (isInteractive) process.stderr.write(`\r\u001b[2K${text}`);
    },
    ask: async (question) => {
      if (!isInteractive || process.stdin.isTTY !== true) return undefined;
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      // Ctrl+D is no answer.
      const closed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
      try {
        return await Promise.race([lines.question(question), closed]);
      } finally {
        lines.close();
      }
    },
  };
}

/** Ends a command with a message that says what to do. Exit code 1: it ran and the answer is no; 2: it could not run. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';

  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
  }
}

/** Ends a command whose result has said everything, with its exit code. */
export class AnswerIsNo extends Error {
  override readonly name = 'AnswerIsNo';

  constructor(readonly exitCode: 1 | 2) {
    super('The answer is no.');
  }
}

/** `[######----] 60 %` of a known amount of work. */
export function progressBar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * 30);
  return `[${'#'.repeat(filled)}${'-'.repeat(30 - filled)}] ${Math.floor(share * 100)} %  ${done}/${total}`;
}

/** Whoever read the output has gone, as `head` does: nothing more can be told, and that is no fault to print. */
function endUnheard(fault: NodeJS.ErrnoException): void {
  if (fault.code === 'EPIPE') process.exit(2);
  throw fault;
}

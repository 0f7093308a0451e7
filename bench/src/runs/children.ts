import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A part of a benchmark that runs in a process of its own, and talks in messages. */
export class Child {
  private readonly process: ChildProcess;
  private readonly ended: Promise<number | string>;

  constructor(
    script: URL,
    options: { readonly execArgv: string[]; readonly input: unknown; readonly quiet?: boolean },
  ) {
    this.process = fork(fileURLToPath(script), {
      execArgv: options.execArgv,
      // A server's log goes nowhere, but it is written.
      stdio: ['ignore', options.quiet === true ? 'ignore' : 'inherit', 'inherit', 'ipc'],
    });
    this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve(code ?? signal ?? -1)));
    this.send(options.input);
  }

  send(message: unknown): void {
    this.process.send(message as object);
  }

  /** The next message; rejects when the process ends without one. */
  async next<T>(): Promise<T> {
    const message = new Promise<T>((resolve) => this.process.once('message', (value) => resolve(value as T)));
    const end = this.ended.then((code) =>
      Promise.reject(new Error(`A process of the benchmark ended early: ${code}.`)),
    );
    return Promise.race([message, end]);
  }

  /** Waits for a process that was told to end. */
  async exit(): Promise<void> {
    await this.ended;
  }

  /** Ends the process, unless it has ended already. */
  async end(): Promise<void> {
    this.process.kill();
    await this.ended;
  }
}

/** The parent's next message. When the parent is gone, the process ends. */
export function inputOfChild<T>(): Promise<T> {
  return new Promise((resolve) => {
    const leave = (): void => process.exit();
    process.once('disconnect', leave);
    process.once('message', (value) => {
      process.off('disconnect', leave);
      resolve(value as T);
    });
  });
}

export function tellParent(message: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) throw new Error('This script is a part of a benchmark, started by it.');
    process.send(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
}

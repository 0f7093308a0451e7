import { padEnd } from './print.js';

/** Where the demo writes to; `isTTY` decides whether a line may be written over. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Tells what happens: days, steps with a tick and a counter, refusals, tables. */
export class Narrator {
  private steps = 0;
  private running: { readonly title: string; shown: number } | undefined;

  constructor(private readonly screen: Screen) {}

  heading(text: string): void {
    this.line(`\n${text}`);
  }

  line(text = ''): void {
    this.screen.write(`${text}\n`);
  }

  lines(texts: readonly string[], indent = '     '): void {
    for (const text of texts) this.line(`${indent}${text}`);
  }

  /** Runs one step and ticks it off with what it says of itself. */
  async step(title: string, work: (progress: Progress) => Promise<string>): Promise<void> {
    this.running = { title, shown: -1 };
    this.showBar(0, 0);
    const detail = await work((done, total) => this.showBar(done, total));
    this.running = undefined;
    this.steps += 1;
    this.clearBar();
    this.line(` ✔ ${String(this.steps).padStart(2)} ${padEnd(title, TITLE_WIDTH)} ${detail}`.trimEnd());
  }

  /** Something was refused, as it should be. */
  refused(attempt: string, problem: { readonly code: string; readonly zh: string; readonly en: string }): void {
    this.clearBar();
    this.line(`   ✘ ${attempt}`);
    this.line(`     refused: ${problem.code} · ${problem.zh} ${problem.en}`);
  }

  private showBar(done: number, total: number): void {
    if (this.screen.isTTY !== true || this.running === undefined) return;
    const eighths = total === 0 ? 0 : Math.round((BAR_WIDTH * done) / total);
    if (eighths === this.running.shown) return;
    this.running.shown = eighths;
    const bar = '█'.repeat(eighths) + '·'.repeat(BAR_WIDTH - eighths);
    const count = total === 0 ? '' : ` ${done}/${total}`;
    this.screen.write(`\r\u001b[K   … ${padEnd(this.running.title, TITLE_WIDTH)} ${total === 0 ? '' : bar}${count}`);
  }

  private clearBar(): void {
    if (this.screen.isTTY === true) this.screen.write('\r\u001b[K');
  }
}

export type Progress = (done: number, total: number) => void;

const TITLE_WIDTH = 46;
const BAR_WIDTH = 24;

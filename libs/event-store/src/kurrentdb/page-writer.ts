import { StoreUnavailable } from '../port.js';
import type { Connection, Written } from './connection.js';
import { retried } from './retried.js';

interface Page {
  /** Its number, which is its revision in the stream of the index. */
  readonly number: number;
  readonly written: Written;
}

/** How long a closing store waits for a page under way: as long as one attempt takes. */
const closeMilliseconds = 6_000;

/**
 * Writes the pages of the index, one after the other and beside everything else. Every process writes each page, with the
 * same id; the first one does, and the others learn that it is there. One whose outcome is unknown is sent again, as an
 * append is. A page that could not be written waits for the next one, or for `again`; one that waits when the process ends
 * is written by whichever process counts so far next.
 */
export class PageWriter {
  private readonly waiting: Page[] = [];
  private writing: Promise<void> | undefined;
  private gaveUp = false;
  private giveUp: () => void = () => undefined;
  private readonly enough = new Promise<void>((resolve) => (this.giveUp = resolve));

  constructor(
    private readonly connection: Connection,
    private readonly stream: string,
  ) {}

  write(page: Page): void {
    this.waiting.push(page);
    this.again();
  }

  /** Tries what could not be written so far. */
  again(): void {
    this.writing ??= this.writeAll().finally(() => (this.writing = undefined));
  }

  /** Resolves when what waits is written, or has been tried in vain. */
  async settled(): Promise<void> {
    await this.writing;
  }

  /** Lets what is under way end, if it does soon. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeMilliseconds)));
    await Promise.race([this.settled(), late]);
    clearTimeout(timer);
    this.gaveUp = true;
    this.giveUp();
  }

  /** Never rejects. */
  private async writeAll(): Promise<void> {
    for (let [page] = this.waiting; page && !this.gaveUp; [page] = this.waiting) {
      if (await this.isToWait(page)) return;
      this.waiting.shift();
    }
  }

  /** Not if it is there now, whoever wrote it; nor if the server refuses it, or has not the page before it. */
  private async isToWait({ number, written }: Page): Promise<boolean> {
    try {
      await retried(() => this.connection.append(this.stream, number - 1, [written]), number - 1, {
        enough: this.enough,
        isEnough: () => this.gaveUp,
      });
      return false;
    } catch (error) {
      return error instanceof StoreUnavailable;
    }
  }
}

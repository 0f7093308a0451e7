import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { MalformedInput, parseStrictJsonOrThrow, utf8Encode } from '@aidtrail/envelope';
import { CannotAudit } from './cannot-audit.js';

/**
 * Disclosures by leaf, one line each: `{"index":n,"disclosures":["<base64url>",…]}`, in the order of the log. The file is
 * read as far as it is needed; disclosures that have been used are forgotten.
 */
export class DisclosuresFile {
  private readonly lines: AsyncIterator<string>;
  private readonly known = new Map<number, readonly string[]>();
  private lastIndex = -1;
  private lineNumber = 0;
  private hasEnded = false;

  private constructor(path: string) {
    const input = createReadStream(path, { encoding: 'utf8' });
    const reader: AsyncIterable<string> = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    this.lines = reader[Symbol.asyncIterator]();
  }

  /** Throws CannotAudit if there is no such file. */
  static async open(path: string): Promise<DisclosuresFile> {
    await access(path).catch(() => {
      throw new CannotAudit(`${path} cannot be read. Check the path.`);
    });
    return new DisclosuresFile(path);
  }

  /** Reads the disclosures of leaves before `end`, and forgets those before `start`. Throws CannotAudit. */
  async advance(start: number, end: number): Promise<void> {
    for (const index of this.known.keys()) if (index < start) this.known.delete(index);
    while (!this.hasEnded && this.lastIndex < end) {
      const line = await this.lines.next();
      if (line.done === true) this.hasEnded = true;
      else this.take(line.value);
    }
  }

  of(index: number): readonly string[] | undefined {
    return this.known.get(index);
  }

  private take(line: string): void {
    this.lineNumber += 1;
    const { index, disclosures } = this.parse(line);
    if (index <= this.lastIndex) throw this.wrong('the indexes do not ascend');
    this.lastIndex = index;
    this.known.set(index, disclosures);
  }

  /** No message holds anything of a disclosure. */
  private parse(line: string): { readonly index: number; readonly disclosures: readonly string[] } {
    let value: unknown;
    try {
      value = parseStrictJsonOrThrow(utf8Encode(line));
    } catch (fault) {
      if (fault instanceof MalformedInput) throw this.wrong(fault.code);
      throw fault;
    }
    const { index, disclosures, ...more } = value as Record<string, unknown>;
    const isList = Array.isArray(disclosures) && disclosures.every((one) => typeof one === 'string');
    if (typeof index !== 'number' || index < 0 || !isList || Object.keys(more).length > 0)
      throw this.wrong('it is not {"index":n,"disclosures":[…]}');
    return { index, disclosures };
  }

  private wrong(what: string): CannotAudit {
    return new CannotAudit(`Line ${this.lineNumber} of the disclosures: ${what}.`);
  }
}

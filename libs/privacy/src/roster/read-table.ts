import { CsvError, parse } from 'csv-parse/sync';

export type RosterDelimiter = ',' | '\t' | ';';

/** One record and the 1-based physical line on which it begins (a quoted cell may go over several lines). */
export interface TableRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

export type TableReading = { readonly records: readonly TableRecord[] } | { readonly unclosedQuoteLine: number };

/**
 * Splits text into records. Blank lines stay, so that line numbers are those that an editor shows. Never throws for
 * what is in the text; the library's own error texts may quote cells and are therefore not passed on.
 */
export function readTable(text: string, delimiter: RosterDelimiter): TableReading {
  // One kind of line end first: the library counts CR LF inside quotes twice.
  const unified = text.replace(/\r\n?/g, '\n');
  try {
    const rows = parse(unified, {
      delimiter,
      info: true,
      relax_quotes: true,
      relax_column_count: true,
      record_delimiter: '\n',
    }) as unknown as readonly { info: { lines: number }; record: string[] }[];
    let line = 1;
    const records = rows.map(({ info, record }) => {
      const start = line;
      line = info.lines + 1;
      return { line: start, cells: record };
    });
    return { records };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line: unknown = Reflect.get(error, 'lines');
    return { unclosedQuoteLine: typeof line === 'number' ? line : 1 };
  }
}

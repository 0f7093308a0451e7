import { CsvError, parse } from 'csv-parse/sync';

export type RosterDelimiter = ',' | '\t' | ';';

/** One record and the 1-based physical line on which it begins (a quoted cell may go over several lines). */
export interface TableRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** `unclosedQuoteLine` is the first line of the record in which the quote opens. */
export type TableReading = { readonly records: readonly TableRecord[] } | { readonly unclosedQuoteLine: number };

/**
 * Splits text into records. Blank lines stay, so that line numbers are those that an editor shows. Never throws for
 * what is in the text; the library's own error texts may quote cells and are therefore not passed on.
 */
export function readTable(text: string, delimiter: RosterDelimiter): TableReading {
  // One kind of line end first: the library counts CR LF inside quotes twice.
  const unified = text.replace(/\r\n?/g, '\n');
  const records: TableRecord[] = [];
  let line = 1;
  try {
    parse(unified, {
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      record_delimiter: '\n',
      on_record: (cells: string[], { lines }) => {
        records.push({ line, cells });
        line = lines + 1;
        return null;
      },
    });
    return { records };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { unclosedQuoteLine: line };
  }
}

/** Text for a terminal. Chinese characters take two columns there, so that padding has to count columns. */

/** Fen as yuan: `1,234.50`. */
export function yuan(amountMinor: number): string {
  const digits = String(Math.abs(amountMinor)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${amountMinor < 0 ? '-' : ''}${whole}.${digits.slice(-2)}`;
}

/** Columns that the text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** Rows of cells in columns; the columns named in `right` (numbers) end at the same place. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))));
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? padStart(cell, widths[i] ?? 0) : padEnd(cell, widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** One entry of a tree whose children's amounts add up to its own. */
export interface Branch {
  readonly label: string;
  readonly amountMinor: number;
  readonly children?: readonly Branch[];
}

/**
 * A tree as indented lines, the amounts in one column. Throws if the children of an entry do not add up to it: what a
 * donor reads has to be right to the fen.
 */
export function treeLines(root: Branch): string[] {
  const rows: [string, string][] = [];
  collect(root, '', '', rows);
  return columns(rows, [1]);
}

function collect(branch: Branch, lead: string, below: string, rows: [string, string][]): void {
  const children = (branch.children ?? []).filter((child) => child.amountMinor !== 0);
  const sum = children.reduce((total, child) => total + child.amountMinor, 0);
  if (children.length > 0 && sum !== branch.amountMinor)
    throw new Error(`"${branch.label}" is ${branch.amountMinor} fen, but its parts are ${sum}.`);
  rows.push([lead + branch.label, yuan(branch.amountMinor)]);
  children.forEach((child, i) => {
    const isLast = i === children.length - 1;
    collect(child, `${below}${isLast ? '└ ' : '├ '}`, `${below}${isLast ? '  ' : '│ '}`, rows);
  });
}

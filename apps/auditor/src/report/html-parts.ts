import type { Words } from './wording.js';

/** Untrusted: names and values come from the log. */
export function text(value: string | number): string {
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function both(zh: string, en: string): string {
  return `${text(zh)} <span lang="en">${text(en)}</span>`;
}

export function heading({ zh, en }: Words): string {
  return `<h2>${both(zh, en)}</h2>`;
}

/** Paragraphs of a list, in both languages. */
export function items(words: readonly Words[]): string {
  const rows = words.map(({ zh, en }) => `<li>${text(zh)}<br><span lang="en">${text(en)}</span></li>`);
  return `<ul>${rows.join('')}</ul>`;
}

/** The cells are markup already. */
export function table(head: readonly string[] | undefined, rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  const top = head === undefined ? '' : `<thead>${line(head, 'th')}</thead>`;
  return `<table>${top}<tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table>`;
}

/** How much text has its place beside a bar: `ems` wide, the name on at most so many lines. */
export interface Room {
  readonly ems: number;
  readonly lines: number;
}

/** The name, wrapped and elided so that it ends before the next bar, and the amount, which is whole or not there. */
export function labelOf({ name, amount }: { readonly name: string; readonly amount: string }, room: Room): string {
  const lines = linesOf(name, room);
  return (emsOf(amount) <= room.ems ? [...lines, amount] : lines).join('\n');
}

/** Estimated, on the wide side: a picture is laid out before any font is measured. */
export function emsOf(text: string): number {
  return [...text].reduce((sum, character) => sum + emOf(character), 0);
}

function emOf(character: string): number {
  if (/[\p{Script=Han}\u3000-\u303f\uff00-\uffef…]/u.test(character)) return 1;
  if (/[\s.,:;'|!il]/.test(character)) return 0.32;
  return /[A-Zmw]/.test(character) ? 0.8 : 0.58;
}

function linesOf(text: string, { ems, lines }: Room): readonly string[] {
  const fitting = beginningOf(text, ems);
  if (fitting === text) return [text];
  if (lines <= 1) return [`${beginningOf(text, ems - emsOf('…')).trimEnd()}…`];
  const line = beforeBreak(fitting, text.slice(fitting.length));
  return [line.trimEnd(), ...linesOf(text.slice(line.length).trimStart(), { ems, lines: lines - 1 })];
}

/** Between words where there are any, and no line begins with what closes or ends something. */
function beforeBreak(fitting: string, next: string): string {
  if (/^[），。、；：！？」』》]/.test(next)) return [...fitting].slice(0, -1).join('') || fitting;
  const space = fitting.lastIndexOf(' ');
  return space > 0 && !next.startsWith(' ') ? fitting.slice(0, space) : fitting;
}

/** As much of a text as fits; one character at least, so that whoever cuts it off comes to an end. */
function beginningOf(text: string, ems: number): string {
  const [first = '', ...others] = [...text];
  let beginning = first;
  for (const character of others) {
    if (emsOf(beginning + character) > ems) break;
    beginning += character;
  }
  return beginning;
}

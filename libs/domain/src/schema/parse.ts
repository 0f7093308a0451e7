import { z } from 'zod';
import type { CommandSpec, EventSpec } from '../kernel/table.js';
import { describeType, typeAt } from './describe.js';
import { quickCheckOf, type QuickCheck } from './quick-check.js';
import { commandTable, eventTable, type AnyCommand } from './tables.js';

/** Where something did not fit its closed schema and what was expected; never the value itself. */
export interface SchemaProblem {
  /** For example `data.amountMinor`. */
  readonly path: string;
  readonly expected: string;
}

interface Compiled {
  readonly fits: QuickCheck;
  readonly public: z.ZodType;
  readonly disclosure: z.ZodType | undefined;
}

const commandSchemas = compileAll(commandTable);
const eventSchemas = compileAll(eventTable);

/**
 * Untrusted: a command's fields. Every field must be in the table, of its type, and on its side (public or private).
 */
export function parseCommandOrProblem(input: {
  readonly type: string;
  readonly id: string;
  readonly data: unknown;
  readonly private: Readonly<Record<string, unknown>>;
}): { readonly command: AnyCommand } | { readonly problem: string } {
  const compiled = commandSchemas.get(input.type);
  if (compiled === undefined) return { problem: 'type: a command of the table' };
  const problem = problemIn(compiled, input.data, input.private, 'all');
  if (problem !== undefined) return { problem: `${problem.path}: ${problem.expected}` };
  const { type, id, data } = input;
  const command = compiled.disclosure === undefined ? { type, id, data } : { type, id, data, private: input.private };
  return { command: command as AnyCommand };
}

/**
 * Untrusted: an event's fields, as a leaf and its disclosures give them. Without disclosures only the public ones are
 * checked. Undefined if they fit.
 */
export function eventProblem(
  type: string,
  data: unknown,
  disclosed?: Readonly<Record<string, unknown>>,
): SchemaProblem | undefined {
  const compiled = eventSchemas.get(type);
  if (compiled === undefined) return { path: 'type', expected: 'an event of the table' };
  return problemIn(compiled, data, disclosed, 'if given');
}

/**
 * Untrusted: the fields of a command as a leaf repeats it, where what is private may not be known. Undefined if they fit.
 */
export function commandProblem(
  type: string,
  data: unknown,
  disclosed?: Readonly<Record<string, unknown>>,
): SchemaProblem | undefined {
  const compiled = commandSchemas.get(type);
  if (compiled === undefined) return { path: 'type', expected: 'a command of the table' };
  return problemIn(compiled, data, disclosed, 'all');
}

function problemIn(
  compiled: Compiled,
  data: unknown,
  disclosed: Readonly<Record<string, unknown>> | undefined,
  when: 'all' | 'if given',
): SchemaProblem | undefined {
  if (!compiled.fits(data)) {
    const open = compiled.public.safeParse(data);
    if (!open.success) return firstProblem('data', compiled.public, open.error);
  }
  if (disclosed === undefined) return undefined;
  if (compiled.disclosure === undefined) {
    if (when === 'if given' || Object.keys(disclosed).length === 0) return undefined;
    return { path: 'private', expected: 'no private fields' };
  }
  const hidden = compiled.disclosure.safeParse(disclosed);
  return hidden.success ? undefined : firstProblem('private', compiled.disclosure, hidden.error);
}

/** The path is made of names of the table and places in lists, the rest of descriptions: nothing of what came. */
function firstProblem(root: string, schema: z.ZodType, error: z.ZodError): SchemaProblem {
  const issue = error.issues[0];
  if (issue === undefined) return { path: root, expected: 'something else' };
  const path = [root, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') return { path, expected: 'no other fields than those of the table' };
  const type = typeAt(schema, issue.path);
  return { path, expected: type === undefined ? 'a value that fits the reference' : describeType(type) };
}

function compileAll(table: Readonly<Record<string, CommandSpec | EventSpec>>): ReadonlyMap<string, Compiled> {
  return new Map(
    Object.entries(table).map(([type, spec]) => {
      const open = z.strictObject(spec.public);
      const disclosure = spec.disclosure === undefined ? undefined : z.strictObject(spec.disclosure);
      return [type, { fits: quickCheckOf(open), public: open, disclosure }];
    }),
  );
}

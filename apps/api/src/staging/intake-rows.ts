import { MalformedInput, parseStrictJsonOrThrow, type JsonObject, type JsonValue } from '@aidtrail/envelope';
import { Problem } from '@aidtrail/nest';
import type { IntakeRowInput } from '@aidtrail/privacy';
import { linesOf } from '../http/lines.js';

const MAX_ROW_BYTES = 8_192;

/** Which type each member of a row has; whether its value makes sense is the register's to say. */
const members: Readonly<Record<string, 'string' | 'boolean' | 'amount'>> = {
  paymentReference: 'string',
  amountMinor: 'amount',
  displayName: 'string',
  namedConsent: 'boolean',
  contact: 'string',
};

/** Untrusted: the lines of an upload as gifts. Throws `Problem` `malformed` that names the line and never its content. */
export async function* intakeRows(upload: AsyncIterable<Uint8Array>): AsyncGenerator<IntakeRowInput> {
  for await (const line of linesOf(upload, MAX_ROW_BYTES)) {
    if ('tooLong' in line) throw malformed(line.number, `The row has more than ${MAX_ROW_BYTES} bytes.`);
    yield { ...rowOrThrow(line.bytes, line.number), line: line.number };
  }
}

function rowOrThrow(bytes: Uint8Array, line: number): IntakeRowInput {
  const row = objectOrThrow(bytes, line);
  for (const [name, value] of Object.entries(row)) {
    const type = Object.hasOwn(members, name) ? members[name] : undefined;
    if (type === undefined) throw malformed(line, 'The row has a member that is not in the format.');
    if (!hasType(value, type)) throw malformed(line, `${name} has the wrong type.`);
  }
  for (const name of ['paymentReference', 'amountMinor']) {
    if (!Object.hasOwn(row, name)) throw malformed(line, `${name} is missing.`);
  }
  return row as unknown as IntakeRowInput;
}

function objectOrThrow(bytes: Uint8Array, line: number): JsonObject {
  try {
    const value = parseStrictJsonOrThrow(bytes);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (fault) {
    if (fault instanceof MalformedInput) throw malformed(line, fault.message);
    throw fault;
  }
  throw malformed(line, 'The row is not an object.');
}

function hasType(value: JsonValue, type: 'string' | 'boolean' | 'amount'): boolean {
  return type === 'amount' ? typeof value === 'number' || typeof value === 'string' : typeof value === type;
}

function malformed(line: number, detail: string): Problem {
  return new Problem('malformed', { detail, extensions: { line } });
}

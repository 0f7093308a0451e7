import type { PipeTransform, Type } from '@nestjs/common';
import { plainToInstance, Transform } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { isUuid, parseStrictJsonOrThrow } from '@aidtrail/envelope';
import { Problem, type HttpProblemCode } from '@aidtrail/nest';
import { MAX_ENVELOPE_BYTES } from '../commands/read-command.js';
import { bytesOf } from './bodies.js';
import { SMALL_BODY_MILLISECONDS } from './connection-limits.js';

/** A path parameter that must be one of our ids; anything else names nothing that there is. */
export const uuidParameter: PipeTransform<string, string> = {
  transform: (value) => {
    if (!isUuid(value)) throw new Problem('not_found');
    return value;
  },
};

/** Reads the query string into a class with class-validator's rules. Unknown parameters are refused. */
export function queryAs<T extends object>(shape: Type<T>): PipeTransform<unknown, T> {
  return { transform: (value) => validated(shape, value ?? {}, 'query_invalid') };
}

/** For `@Body`: a small JSON body as a class with class-validator's rules. Unknown members are refused. */
export function jsonAs<T extends object>(shape: Type<T>): PipeTransform<unknown, Promise<T>> {
  return {
    transform: async (body, of) =>
      validated(shape, parseStrictJsonOrThrow(await envelopeBytes.transform(body, of)), 'malformed'),
  };
}

/** For `@Body`: JSON that is small enough to be read from anybody. */
export const envelopeBytes = bytesOf({
  types: ['application/json'],
  maxBytes: MAX_ENVELOPE_BYTES,
  milliseconds: SMALL_BODY_MILLISECONDS,
});

/** For a query parameter: decimal digits become a number, anything else stays what it is and fails its rule. */
export const WholeNumber = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^(0|[1-9]\d{0,15})$/.test(value) ? Number(value) : value,
  );

/** For a query parameter: exactly `true` or `false`. */
export const Flag = () =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

function validated<T extends object>(shape: Type<T>, value: unknown, code: HttpProblemCode): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem(code, { detail: 'Expected an object.' });
  }
  const instance = plainToInstance(shape, value);
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (errors.length > 0) throw new Problem(code, { extensions: { problems: errors.flatMap(asProblems) } });
  return instance;
}

/** The rules' own sentences name the member and the rule, never the value. */
function asProblems({ property, constraints, children }: ValidationError): object[] {
  const own = Object.values(constraints ?? {}).map((en) => ({ member: property, en }));
  return [...own, ...(children ?? []).flatMap(asProblems)];
}

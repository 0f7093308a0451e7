import type { z } from 'zod';

/** Whether a value fits. It says yes or no and nothing of where or why. */
export type QuickCheck = (value: unknown) => boolean;

type Checks = readonly z.core.$ZodCheck<never>[] | undefined;

/**
 * A schema as one predicate, several times faster than the library's own parser, which is asked for the reason once the
 * answer is no: a log of a million events holds hardly one that does not fit.
 *
 * @throws RangeError for a kind of schema that the vocabulary of fields does not use. Teach it here first.
 */
export function quickCheckOf(schema: z.core.$ZodType): QuickCheck {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return textCheck(def.checks);
    case 'number':
      return integerCheck(def.checks);
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'literal':
    case 'enum': {
      const values = new Set<unknown>(def.type === 'enum' ? Object.values(def.entries) : def.values);
      return (value) => values.has(value);
    }
    case 'array':
      return listCheck(quickCheckOf(def.element), def.checks);
    case 'tuple':
      return tupleCheck(def.items.map((item) => quickCheckOf(item)));
    case 'object':
      return recordCheck(def.shape);
    default:
      throw new RangeError(`There is no quick check of a schema of type ${def.type}.`);
  }
}

function textCheck(checks: Checks): QuickCheck {
  const { least, most, patterns } = rulesOf(checks);
  const [only, ...others] = patterns;
  if (only !== undefined && others.length === 0 && least === -Infinity && most === Infinity)
    return (value) => typeof value === 'string' && only.test(value);
  return (value) =>
    typeof value === 'string' &&
    value.length >= least &&
    value.length <= most &&
    patterns.every((pattern) => pattern.test(value));
}

/** All numbers of the vocabulary are safe integers. */
function integerCheck(checks: Checks): QuickCheck {
  const { least, most } = rulesOf(checks);
  return (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

function listCheck(item: QuickCheck, checks: Checks): QuickCheck {
  const { least, most } = rulesOf(checks);
  return (value) => Array.isArray(value) && value.length >= least && value.length <= most && value.every(item);
}

function tupleCheck(items: readonly QuickCheck[]): QuickCheck {
  return (value) => Array.isArray(value) && value.length === items.length && items.every((check, i) => check(value[i]));
}

interface Field {
  readonly name: string;
  readonly check: QuickCheck;
  readonly optional: boolean;
}

/** Closed: no other fields than these. */
function recordCheck(shape: Readonly<Record<string, z.core.$ZodType>>): QuickCheck {
  const fields = Object.entries(shape).map(([name, type]) => fieldOf(name, type));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const record = value as Readonly<Record<string, unknown>>;
    let present = 0;
    for (const { name, check, optional } of fields) {
      if (Object.hasOwn(record, name)) present += 1;
      else if (optional) continue;
      if (!check(record[name])) return false;
    }
    return Object.keys(record).length === present;
  };
}

function fieldOf(name: string, type: z.core.$ZodType): Field {
  const { def } = (type as z.core.$ZodTypes)._zod;
  return def.type === 'optional'
    ? { name, check: quickCheckOf(def.innerType), optional: true }
    : { name, check: quickCheckOf(type), optional: false };
}

function rulesOf(checks: Checks): { readonly least: number; readonly most: number; readonly patterns: RegExp[] } {
  let least = -Infinity;
  let most = Infinity;
  const patterns: RegExp[] = [];
  for (const check of checks ?? []) {
    const { def } = (check as unknown as z.core.$ZodChecks)._zod;
    switch (def.check) {
      case 'min_length':
        least = def.minimum;
        break;
      case 'max_length':
        most = def.maximum;
        break;
      case 'greater_than':
        least = def.value as number;
        break;
      case 'less_than':
        most = def.value as number;
        break;
      case 'string_format':
        patterns.push((def as z.core.$ZodCheckRegexDef).pattern);
        break;
      default:
        throw new RangeError(`There is no quick check of the rule ${def.check}.`);
    }
  }
  return { least, most, patterns };
}

import { z } from 'zod';

/** What a field's type says of itself, for the reference pages and for messages. Never contains a value from outside. */
export function describeType(schema: z.core.$ZodType): string {
  const described = z.globalRegistry.get(schema)?.description;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (described !== undefined) return def.type === 'enum' ? `${described}: ${valuesOf(def)}` : described;
  switch (def.type) {
    case 'optional':
      return describeType(def.innerType);
    case 'enum':
      return valuesOf(def);
    case 'array':
      return `list of ${boundsOf(def.checks)}: ${describeType(def.element)}`;
    case 'tuple':
      return `pair [${def.items.map(describeType).join(', ')}]`;
    case 'object':
      return `{ ${Object.entries(def.shape)
        .map(([name, type]) => `${name}${isOptional(type) ? '?' : ''}: ${describeType(type)}`)
        .join('; ')} }`;
    default:
      return def.type;
  }
}

export function isOptional(schema: z.core.$ZodType): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === 'optional';
}

/** The type at a path such as `['roots', 2, 'publicKey']`; undefined where the path leads out of the schema. */
export function typeAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional') return typeAt(def.innerType, path);
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const next = stepInto(def, step);
  return next === undefined ? undefined : typeAt(next, rest);
}

function valuesOf({ entries }: z.core.$ZodEnumDef): string {
  return Object.values(entries)
    .map((value) => `\`${value}\``)
    .join(' or ');
}

function stepInto(def: z.core.$ZodTypes['_zod']['def'], step: PropertyKey): z.core.$ZodType | undefined {
  if (def.type === 'array') return def.element;
  if (def.type === 'tuple' && typeof step === 'number') return def.items[step];
  if (def.type === 'object' && typeof step === 'string' && Object.hasOwn(def.shape, step)) return def.shape[step];
  return undefined;
}

function boundsOf(checks: readonly z.core.$ZodCheck<never>[] = []): string {
  let bounds = { least: 0, most: Infinity };
  for (const check of checks) {
    const { def } = (check as unknown as z.core.$ZodChecks)._zod;
    if (def.check === 'min_length') bounds = { ...bounds, least: def.minimum };
    if (def.check === 'max_length') bounds = { ...bounds, most: def.maximum };
  }
  return `${bounds.least} to ${bounds.most}`;
}

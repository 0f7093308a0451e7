import type { z } from 'zod';
import type { RefusalText } from '../kernel/concept.js';
import * as f from '../kernel/fields.js';
import type { CommandSpec } from '../kernel/table.js';
import { commandTable, type AnyCommand } from './tables.js';

/**
 * Given to every command that brings a public key, after its signers and before its stream's own decider. A key of small
 * order, or one of two encodings of a point, must not come into the log: with such a key a signature proves nothing, in
 * the eyes of a reader whose library has another rule than ours. Which keys these are, the acceptance rule of the
 * signatures says; this library, which knows no cryptography, says where keys are.
 */
export const broughtKeyRefusals = {
  public_key_unacceptable: {
    level: 'L1',
    zh: '该公钥不是可接受的 Ed25519 公钥（小阶点或非规范编码），请重新生成密钥。',
    en: 'The public key is of small order or not canonically encoded. Make another key.',
  },
} as const satisfies Record<string, RefusalText>;

export type BroughtKeyRefusal = keyof typeof broughtKeyRefusals;

type Finder = (value: unknown) => readonly string[];

const NONE: readonly string[] = [];

const finders = new Map<string, Finder>(
  Object.entries<CommandSpec>(commandTable).flatMap(([type, spec]) => {
    const finder = finderInFields(spec.public);
    return finder === undefined ? [] : [[type, finder] as const];
  }),
);

/** The public keys (base64) that a command would bring into the log, by the types of its fields: none is forgotten. */
export function broughtKeysOf({ type, data }: AnyCommand): readonly string[] {
  return finders.get(type)?.(data) ?? NONE;
}

function finderIn(schema: z.core.$ZodType): Finder | undefined {
  if (schema === f.publicKey) return (value) => [value as string];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return finderInFields(def.shape);
    case 'array': {
      const each = finderIn(def.element);
      return each && ((values) => (values as readonly unknown[]).flatMap((value) => each(value)));
    }
    case 'optional': {
      const present = finderIn(def.innerType);
      return present && ((value) => (value === undefined ? NONE : present(value)));
    }
    default:
      return undefined;
  }
}

function finderInFields(shape: Readonly<Record<string, z.core.$ZodType>>): Finder | undefined {
  const fields = Object.entries(shape).flatMap(([name, type]) => {
    const finder = finderIn(type);
    return finder === undefined ? [] : [{ name, finder }];
  });
  if (fields.length === 0) return undefined;
  return (value) => fields.flatMap(({ name, finder }) => finder((value as Record<string, unknown>)[name]));
}

import type { z } from 'zod';
import type { Role } from './fields.js';

/**
 * One table says, for each event and each command, which fields there are and who sees them. Schemas, types and the
 * reference pages are made from it; nothing about a field is written anywhere else.
 */
type Shape = z.ZodRawShape;
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- "no fields" is exactly the empty object
type Empty = {};

export interface EventSpec<P extends Shape = Shape, D extends Shape = Shape> {
  readonly about: string;
  /** Published in the leaf. */
  readonly public: P;
  /** Salted disclosures: only digests are published. */
  readonly disclosure?: D;
  /** Never in the ledger, in any form; named so that the reference can say so. */
  readonly never?: readonly string[];
}

/**
 * Who must sign a command: `one` enrolled key; `two` enrolled keys of different officers; `holder`: an enrolled key,
 * then the voucher's holder (or, for assisted redemptions, a field worker); `new-holder`: an enrolled key, then the new
 * holder key as proof of possession; `roots`: two root keys; `policy`: nobody, it follows from another event.
 */
export type Signatures = 'one' | 'two' | 'holder' | 'new-holder' | 'roots' | 'policy';

export interface CommandSpec<P extends Shape = Shape, D extends Shape = Shape> {
  readonly about: string;
  readonly public: P;
  readonly disclosure?: D;
  readonly signatures: Signatures;
  /** Roles of which the first signer must hold one; empty for policy commands. */
  readonly roles: readonly Role[];
}

type ObjectOf<S> = S extends Shape ? z.infer<z.ZodObject<S, z.core.$strict>> : Empty;
type DisclosureOf<T> = T extends { readonly disclosure: infer D } ? { readonly private?: ObjectOf<D> } : Empty;
type CommandDisclosureOf<T> = T extends { readonly disclosure: infer D } ? { readonly private: ObjectOf<D> } : Empty;

/** The union of the events of a table. */
export type EventsOf<T extends Record<string, EventSpec>> = {
  [K in keyof T & string]: { readonly type: K; readonly data: Readonly<ObjectOf<T[K]['public']>> } & DisclosureOf<T[K]>;
}[keyof T & string];

/** The union of the commands of a table. `id` is the command's id; a policy command's is that of its effect. */
export type CommandsOf<T extends Record<string, CommandSpec>> = {
  [K in keyof T & string]: {
    readonly type: K;
    readonly id: string;
    readonly data: Readonly<ObjectOf<T[K]['public']>>;
  } & CommandDisclosureOf<T[K]>;
}[keyof T & string];

/** One member of a union by its type. */
export type OfType<U extends { readonly type: string }, K extends U['type']> = Extract<U, { readonly type: K }>;

export function defineEvents<const T extends Record<string, EventSpec>>(table: T): T {
  return table;
}

export function defineCommands<const T extends Record<string, CommandSpec>>(table: T): T {
  return table;
}

import { describe, expect, it } from '@jest/globals';
import type { RefusalText } from '../kernel/concept.js';
import { entitlementRefusals } from '../kernel/entitlement.js';
import type { CommandSpec, EventSpec } from '../kernel/table.js';
import { broughtKeyRefusals } from './brought-keys.js';
import { commandConcept, concepts, refusalText, streamConcept } from './registry.js';
import { commandTable, eventTable } from './tables.js';

const all = Object.entries(concepts);
const namesIn = (what: 'events' | 'commands') => all.flatMap(([, concept]) => Object.keys(concept[what]));

describe('the registry', () => {
  it('knows every concept under its category', () => {
    for (const [category, concept] of all) {
      expect(concept.category).toBe(category);
      expect(streamConcept(`${category}-x`)).toBe(concept);
    }
  });

  it.each(['card-x', 'voucher', '', '-', 'constructor-x', '__proto__-x'])('knows no stream %p', (stream) => {
    expect(streamConcept(stream)).toBeUndefined();
  });

  it('holds all events and commands of the tables, none twice', () => {
    for (const [what, table] of [
      ['events', eventTable],
      ['commands', commandTable],
    ] as const) {
      const names = namesIn(what);
      expect(new Set(names).size).toBe(names.length);
      expect([...names].sort()).toStrictEqual(Object.keys(table).sort());
    }
  });

  it('finds the concept that decides a command', () => {
    for (const [, concept] of all)
      for (const type of Object.keys(concept.commands)) expect(commandConcept(type)).toBe(concept);
    expect(commandConcept('PrintMoney')).toBeUndefined();
    expect(commandConcept('constructor')).toBeUndefined();
  });
});

describe('the tables', () => {
  const specs: readonly (readonly [string, EventSpec | CommandSpec])[] = [
    ...Object.entries(eventTable),
    ...Object.entries(commandTable),
  ];

  it.each(specs)('%s has no field both public and private', (_type, spec) => {
    for (const name of Object.keys(spec.disclosure ?? {})) expect(spec.public).not.toHaveProperty(name);
  });

  it.each(Object.entries<CommandSpec>(commandTable))('%s: roles exactly if somebody signs', (_type, spec) => {
    expect(spec.roles.length > 0).toBe(spec.signatures !== 'policy');
  });
});

describe('refusals', () => {
  const every: readonly (readonly [string, RefusalText])[] = [
    ...Object.entries(entitlementRefusals),
    ...Object.entries(broughtKeyRefusals),
    ...all.flatMap(([, concept]) => Object.entries<RefusalText>(concept.refusals)),
  ];

  it.each(every)('%s has a level, a Chinese and an English text', (code, { level, zh, en }) => {
    expect(code).toMatch(/^[a-z][a-z0-9_]{2,63}$/);
    expect(level).toMatch(/^L[12]$/);
    expect(zh).toMatch(/^\p{Script=Han}.*。$/u);
    expect(en).toMatch(/^[A-Z].*\.$/);
    expect(refusalText(code)).toBeDefined();
  });

  it.each(Object.keys(concepts) as (keyof typeof concepts)[])('have a text and a level of their own in %s', (name) => {
    for (const [code, text] of Object.entries<RefusalText>(concepts[name].refusals))
      expect(refusalText(code, name)).toBe(text);
  });

  it('speak for the concept that is asked', () => {
    expect(refusalText('second_officer_missing', 'donation')).toBe(concepts.donation.refusals.second_officer_missing);
    expect(refusalText('same_officer')).toBe(entitlementRefusals.same_officer);
    expect(refusalText('key_revoked', 'voucher')).toBe(entitlementRefusals.key_revoked);
  });

  it('no text for a code that nobody gives', () => {
    expect(refusalText('because')).toBeUndefined();
  });
});

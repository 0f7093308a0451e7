import { parsePolicyOrThrow, type LogPolicy } from '@aidtrail/public-log';
import { recall, remember } from '../shell/memory.js';
import { readSettings } from '../shell/server.js';
import { recordOf, textOf } from '../shell/shapes.js';
import type { CheckOutcome } from './check-gift.js';
import { memoryKeyOf } from './open-log.js';
import { ownPolicy, rememberOwnPolicy } from './own-policy.js';
import type { PolicyFile, Seen } from './checkpoint-steps.js';

const SITES = 'aidtrail.policy.site';
const LARGEST_POLICY = 65_536;

/** The policy to check by: the reader's own, or the site's, and whether that is the one of the last visit. */
export async function readPolicyFile(): Promise<PolicyFile | undefined> {
  const own = ownPolicy();
  if (own !== undefined) return { text: own, outcome: 'own' };
  const before = recall(SITES);
  const now = await sitesPolicy();
  if (now === undefined) return before === undefined ? undefined : { text: before, outcome: 'same' };
  if (before === undefined) remember(SITES, now);
  return { text: now, outcome: before === undefined ? 'first' : before === now ? 'same' : 'changed' };
}

/** What the reader has taken from somebody else. Throws MalformedInput if it is no policy. */
export function takeOwnPolicyOrThrow(text: string): void {
  parsePolicyOrThrow(text);
  rememberOwnPolicy(text);
}

async function sitesPolicy(): Promise<string | undefined> {
  const { policy } = await readSettings();
  try {
    const response = await fetch(policy, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    const text = response.ok ? await response.text() : undefined;
    return text === undefined || text.length > LARGEST_POLICY ? undefined : text;
  } catch {
    return undefined;
  }
}

export function seenOf(policy: LogPolicy): Seen | undefined {
  const key = memoryKeyOf(policy);
  const kept = key === undefined ? undefined : recall(key);
  if (kept === undefined) return undefined;
  try {
    const { note, at } = recordOf(JSON.parse(kept)) ?? {};
    const seen = { note: textOf(note), at: textOf(at) };
    return seen.note === undefined ? undefined : { note: seen.note, at: seen.at ?? '' };
  } catch {
    return undefined;
  }
}

/** Remembers the checkpoint that was just found good. */
export function rememberSeen({ remember: seen }: CheckOutcome): void {
  const key = seen && memoryKeyOf(seen.policy);
  if (seen !== undefined && key !== undefined)
    remember(key, JSON.stringify({ note: seen.note, at: new Date().toISOString() }));
}

import { forget, recall, remember } from '../shell/memory.js';

const OWN = 'aidtrail.policy.own';

/** The policy that the reader has taken from somebody else than the site, kept in this browser. */
export function ownPolicy(): string | undefined {
  return recall(OWN);
}

export function hasOwnPolicy(): boolean {
  return (ownPolicy() ?? '') !== '';
}

export function rememberOwnPolicy(text: string): void {
  remember(OWN, text);
}

/** From now on the site's policy counts again. */
export function forgetOwnPolicy(): void {
  forget(OWN);
}

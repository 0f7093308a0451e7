import { useSyncExternalStore } from 'react';
import { askSite } from '../shell/server.js';
import { readDivisionNames, type DivisionNames } from './division-names.js';

/** They lie beside the pages, not with the api or the log, so that a host that has only those has names as well. */
const FILE = 'division-names.json';

let names: DivisionNames = new Map();
let state: 'none' | 'asked' | 'known' = 'none';
const listeners = new Set<() => void>();

async function ask(): Promise<void> {
  if (state !== 'none') return;
  state = 'asked';
  const answer = await askSite(FILE, readDivisionNames);
  state = answer.kind === 'answered' ? 'known' : 'none';
  if (answer.kind !== 'answered') return;
  names = answer.value;
  listeners.forEach((tell) => tell());
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  void ask();
  return () => listeners.delete(tell);
}

/** What the operator calls counties: one file for all of them, none until it is there; asked for again after a failure. */
export function useDivisionNames(): DivisionNames {
  return useSyncExternalStore(subscribe, () => names);
}

// Whoever loads this is about to show a county: names that are there at once spare it a second look.
void ask();

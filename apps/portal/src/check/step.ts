/** good: it was checked and holds. bad: it was checked and does not hold. open: it could not be checked, or asks for a look. */
export type Verdict = 'good' | 'bad' | 'open';

/** What can come of each step, and what that means. The words of the page are typed by this table. */
export const outcomes = {
  form: { readable: 'good', unreadable: 'bad' },
  policy: { first: 'good', same: 'good', own: 'good', changed: 'open', unreadable: 'bad', unreachable: 'open' },
  checkpoint: { signed: 'good', notSigned: 'bad', unreadable: 'bad', none: 'open', unreachable: 'open' },
  witnesses: { quorum: 'good', ownMachine: 'open', notAsked: 'open', notYet: 'open', forged: 'bad', tooFew: 'bad' },
  history: {
    first: 'good',
    same: 'good',
    grown: 'good',
    older: 'open',
    forked: 'bad',
    shorter: 'bad',
    notCompared: 'open',
    unreachable: 'open',
  },
  entry: { included: 'good', notIncluded: 'bad', notYet: 'open', unreachable: 'open' },
  signature: { valid: 'good', wrong: 'bad', otherLedger: 'bad', laterKey: 'open', unreachable: 'open' },
  amounts: { same: 'good', differ: 'bad', otherEvent: 'bad', forged: 'bad', shown: 'good', none: 'good' },
  sum: { adds: 'good', differs: 'bad' },
  figures: { same: 'good', differ: 'bad', notYet: 'open' },
} as const satisfies Record<string, Record<string, Verdict>>;

export type StepKind = keyof typeof outcomes;
export type Outcome<K extends StepKind> = keyof (typeof outcomes)[K] & string;

/** One step of a check, as it came out. */
export type Step = {
  readonly [K in StepKind]: {
    readonly kind: K;
    readonly outcome: Outcome<K>;
    /** Technical detail, one tap away: names are those of the formats. Untrusted text; shown as text only. */
    readonly details: readonly Detail[];
  };
}[StepKind];

export type Detail = readonly [name: string, value: string];

export function step<K extends StepKind>(kind: K, outcome: Outcome<K>, details: readonly Detail[] = []): Step {
  return { kind, outcome, details } as unknown as Step;
}

export function verdictOf({ kind, outcome }: Step): Verdict {
  return (outcomes[kind] as Readonly<Record<string, Verdict>>)[outcome] as Verdict;
}

/**
 * Why nothing is missing but witnesses whom the ledger cannot command; undefined if anything else is open or wrong, or too little
 * was checked to say that something holds. It stays amber all the same.
 */
export function missingWitnesses(steps: readonly Step[]): 'ownMachine' | 'notAsked' | undefined {
  const others = steps.filter((one) => verdictOf(one) !== 'good');
  const [only] = others;
  if (others.length !== 1 || only?.kind !== 'witnesses' || !steps.some(isSigned)) return undefined;
  return only.outcome === 'ownMachine' || only.outcome === 'notAsked' ? only.outcome : undefined;
}

/** Whether the log was held against the checkpoint of the last visit, and goes on from it: only then a change would have shown. */
export function isCompared(steps: readonly Step[]): boolean {
  return steps.some(({ kind, outcome }) => kind === 'history' && (outcome === 'same' || outcome === 'grown'));
}

/** Whether nothing was remembered here to hold the log against. */
export function isFirstVisit(steps: readonly Step[]): boolean {
  return steps.some(({ kind, outcome }) => kind === 'history' && outcome === 'first');
}

/** Whether something in the log was checked, and not only the log. */
export function isAboutEntry(steps: readonly Step[]): boolean {
  return steps.some(({ kind }) => kind === 'entry');
}

function isSigned({ kind, outcome }: Step): boolean {
  return kind === 'checkpoint' && outcome === 'signed';
}

/** What all steps are together: one that does not hold, or else one that could not be checked, is the whole. */
export function verdictOfAll(steps: readonly Step[]): Verdict {
  const verdicts = steps.map(verdictOf);
  if (verdicts.includes('bad')) return 'bad';
  return verdicts.includes('open') || verdicts.length === 0 ? 'open' : 'good';
}

import { httpProblems, type HttpProblemCode } from './http-problems.js';

/** A problem document of RFC 9457 with the members that this API adds. */
export interface ProblemDocument {
  /** URI reference: `/problems/<code>`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** True: signed by the ledger, and the same for ever for this command id. */
  readonly final: boolean;
  readonly [extension: string]: unknown;
}

/** What a problem is made of; `en` doubles as its title. */
export interface ProblemText {
  readonly code: string;
  readonly status: number;
  readonly zh: string;
  readonly en: string;
}

export function problemDocument(
  { code, status, zh, en }: ProblemText,
  more: { readonly detail?: string; readonly final?: boolean; readonly extensions?: object } = {},
): ProblemDocument {
  return {
    type: `/problems/${code}`,
    title: en,
    status,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    code,
    zh,
    en,
    final: more.final ?? false,
    ...more.extensions,
  };
}

/** Thrown by a route to answer with a problem of HTTP, as against one of the ledger, which is a value. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly document: ProblemDocument;
  /** For the header Retry-After. */
  readonly retryAfterSeconds: number | undefined;

  /** `detail` says where it went wrong and never repeats what was sent. */
  constructor(
    problem: HttpProblemCode | ProblemText,
    more: { readonly detail?: string; readonly extensions?: object; readonly retryAfterSeconds?: number } = {},
  ) {
    const text = typeof problem === 'string' ? { code: problem, ...httpProblems[problem] } : problem;
    super(text.code);
    this.code = text.code;
    this.document = problemDocument(text, more);
    this.retryAfterSeconds = more.retryAfterSeconds ?? (text.status === 503 ? 1 : undefined);
  }
}

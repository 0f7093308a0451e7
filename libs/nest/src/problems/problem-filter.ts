import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { MalformedInput } from '@aidtrail/envelope';
import { StoreUnavailable } from '@aidtrail/event-store';
import { StreamContended } from '@aidtrail/ledger';
import type { HttpProblemCode } from './http-problems.js';
import { Problem } from './problem.js';

/** A reply of the HTTP library as far as the filter cares. */
interface Reply {
  readonly sent: boolean;
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  type(contentType: string): Reply;
  send(body: string): unknown;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Answers every fault with a problem document. Nothing of an unexpected fault but its existence gets out. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** Told of faults that are nobody's but ours. */
  constructor(private readonly report: (fault: unknown, request: unknown) => void) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<Reply>();
    const problem = problemOf(thrown);
    if (problem.document.status === 500 || isRefusedByStore(thrown)) this.report(thrown, http.getRequest());
    if (reply.sent) return;
    if (problem.retryAfterSeconds !== undefined) void reply.header('retry-after', String(problem.retryAfterSeconds));
    // What is left of such a body is not waited for.
    if (isUnread(problem)) void reply.header('connection', 'close');
    if (problem.document.status === 401) void reply.header('www-authenticate', 'Bearer');
    reply.status(problem.document.status).type(PROBLEM_TYPE).send(JSON.stringify(problem.document));
  }
}

export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof MalformedInput) {
    if (thrown.code === 'too_large') return new Problem('body_too_large', { detail: thrown.message });
    return new Problem('malformed', { detail: thrown.message, extensions: { reason: thrown.code } });
  }
  if (thrown instanceof StreamContended) return new Problem('stream_contended');
  if (thrown instanceof StoreUnavailable || isDatabaseOutage(thrown) || isRefusedByStore(thrown)) {
    return new Problem('store_unavailable');
  }
  if (thrown instanceof HttpException) return new Problem(byStatus[thrown.getStatus()] ?? 'internal_fault');
  return new Problem('internal_fault');
}

function isUnread({ document: { status } }: Problem): boolean {
  return status === 408 || status === 413;
}

/** The problem of a request that was refused before anything of ours saw it; what is no known status is malformed. */
export function problemOfStatus(status: number): Problem {
  return new Problem(byStatus[status] ?? 'malformed');
}

/** Faults that the framework and the HTTP library raise themselves. Their messages repeat the request, so they are dropped. */
const byStatus: Readonly<Record<number, HttpProblemCode>> = {
  400: 'malformed',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'content_type_unsupported',
  429: 'too_many_requests',
  503: 'not_ready',
};

/** SQLSTATE classes 08 (connection), 53 (resources) and 57P0x (shutdown), and what sockets report. */
const OUTAGE = /^(08...|53...|57P0.|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/;

/** KurrentDB said no, as to a user who may not write. By its name: its adapter is loaded only where it is used. */
function isRefusedByStore(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'RequestRefused';
}

function isDatabaseOutage(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code } = thrown as { readonly code?: unknown };
  if (typeof code === 'string') return OUTAGE.test(code);
  return /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    thrown.message,
  );
}

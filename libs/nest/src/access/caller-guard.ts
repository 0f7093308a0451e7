import { Inject, Injectable, Optional, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Problem } from '../problems/problem.js';
import { declaredCaller, type Caller } from './caller.js';
import { PUBLIC_LIMITER, type PublicLimiter } from './public-limiter.js';
import { SESSION_READERS, type Reader, type SessionReaders } from './reader.js';

/** A request as far as the guard cares. It leaves the reader here for the handler. */
export interface GuardedRequest {
  readonly headers: { readonly authorization?: string | undefined };
  reader?: Reader;
}

/** Global. Lets a request pass only if its route says who may call it, and this caller may. */
@Injectable()
export class CallerGuard implements CanActivate {
  private readonly callers = new WeakMap<object, Caller>();

  constructor(
    @Optional() @Inject(SESSION_READERS) private readonly sessions?: SessionReaders,
    @Optional() @Inject(PUBLIC_LIMITER) private readonly limiter?: PublicLimiter,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const caller = this.callerOf(context);
    switch (caller.kind) {
      case 'signed-command':
        return true;
      case 'public':
        return !caller.limited || this.limiter === undefined || this.count(context, this.limiter);
      case 'read-session':
        return this.admit(context.switchToHttp().getRequest<GuardedRequest>(), caller.roles);
    }
  }

  private async count(context: ExecutionContext, limiter: PublicLimiter): Promise<boolean> {
    const retryAfterSeconds = await limiter.secondsToWait(context.switchToHttp().getRequest());
    if (retryAfterSeconds !== undefined) throw new Problem('too_many_requests', { retryAfterSeconds });
    return true;
  }

  private callerOf(context: ExecutionContext): Caller {
    const handler = context.getHandler();
    const known = this.callers.get(handler);
    if (known !== undefined) return known;
    const caller = declaredCaller(handler);
    if (caller === undefined) throw new Problem('route_undeclared');
    this.callers.set(handler, caller);
    return caller;
  }

  private async admit(request: GuardedRequest, roles: readonly string[]): Promise<boolean> {
    // Untrusted: the header. Anything but one well-formed bearer token is no token.
    const [, token] = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(request.headers.authorization ?? '') ?? [];
    const reader = token === undefined ? undefined : await this.sessions?.readerOf(token);
    if (reader === undefined) throw new Problem('session_required');
    if (!roles.includes(reader.role)) throw new Problem('reader_role_not_allowed');
    request.reader = reader;
    return true;
  }
}

import { Inject, Injectable, Optional, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Problem } from '../problems/problem.js';
import { SYSTEM } from '../system/system-module.js';
import type { System } from '../system/system.js';
import { declaredCaller, type Caller } from './caller.js';
import type { CampaignLimit, RequestPlace } from './campaign-limit.js';
import { MONITORS, type Monitors } from './monitors.js';
import { PUBLIC_LIMITER, type PublicLimiter } from './public-limiter.js';
import { SESSION_READERS, type Reader, type SessionReaders } from './reader.js';

/** A request as far as the guard cares. It leaves the reader here for the handler. */
export interface GuardedRequest extends RequestPlace {
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
    @Optional() @Inject(SYSTEM) private readonly system?: System,
    @Optional() @Inject(MONITORS) private readonly monitors?: Monitors,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const caller = this.callerOf(context);
    switch (caller.kind) {
      case 'signed-command':
        return true;
      case 'public':
        return !caller.limited || this.limiter === undefined || this.count(context, this.limiter);
      case 'monitor':
        return this.admitMonitor(context.switchToHttp().getRequest<GuardedRequest>());
      case 'read-session':
        return this.admit(context.switchToHttp().getRequest<GuardedRequest>(), caller);
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

  private admitMonitor(request: GuardedRequest): boolean {
    if (this.monitors?.admits(request) === true) return true;
    throw new Problem('monitor_token_required');
  }

  private async admit(
    request: GuardedRequest,
    { roles, limit }: Extract<Caller, { readonly kind: 'read-session' }>,
  ): Promise<boolean> {
    // Untrusted: the header. Anything but one well-formed bearer token is no token.
    const [, token] = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(request.headers.authorization ?? '') ?? [];
    const reader = token === undefined ? undefined : await this.sessions?.readerOf(token);
    if (reader === undefined) throw new Problem('session_required');
    if (!roles.includes(reader.role)) throw new Problem('reader_role_not_allowed');
    if (!(await this.isWithin(limit, request, reader.campaigns))) throw new Problem('reader_out_of_scope');
    request.reader = reader;
    return true;
  }

  private isWithin(
    limit: CampaignLimit,
    request: RequestPlace,
    campaigns: readonly string[] | undefined,
  ): Promise<boolean> | boolean {
    if (campaigns === undefined || limit === 'campaign-in-body') return true;
    if (limit === 'whole-ledger' || this.system === undefined) return false;
    return limit(this.system, request, campaigns);
  }
}

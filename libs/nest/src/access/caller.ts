import 'reflect-metadata';
import type { Role } from '@aidtrail/domain';
import type { CampaignLimit } from './campaign-limit.js';

/** Who may call a route. Each route carries exactly one; one that carries none is refused at run time as well. */
export type Caller =
  /** `limited`: one address may ask only so often; see `PublicLimiter`. */
  | { readonly kind: 'public'; readonly limited: boolean }
  /** Somebody with the operator's token; see `Monitors`. */
  | { readonly kind: 'monitor' }
  /** The body is a signed command: the signatures are the authentication, and the ledger checks them. */
  | { readonly kind: 'signed-command' }
  | { readonly kind: 'read-session'; readonly roles: readonly Role[]; readonly limit: CampaignLimit };

const CALLER = Symbol('aidtrail caller');

/** `limited: false` is for what a monitor asks. */
export const Public = ({ limited = true }: { readonly limited?: boolean } = {}) =>
  declares({ kind: 'public', limited });

export const Monitor = () => declares({ kind: 'monitor' });

export const SignedCommand = () => declares({ kind: 'signed-command' });

/** Somebody who opened a session with a key of one of these roles, as far as the key's campaigns reach. */
export const ReadSession = (of: { readonly roles: readonly [Role, ...Role[]]; readonly limit: CampaignLimit }) =>
  declares({ kind: 'read-session', ...of });

/** What a handler declares, if anything. */
export function declaredCaller(target: object): Caller | undefined {
  return Reflect.getOwnMetadata(CALLER, target) as Caller | undefined;
}

/** On the method itself, so that a route shows its callers where it is read. */
function declares(caller: Caller): MethodDecorator {
  return (_target, _name, method) => {
    const place = method.value as object;
    // Two declarations would leave it to the order of the lines which of them counts.
    if (declaredCaller(place) !== undefined) throw new TypeError('A route declares twice who may call it.');
    Reflect.defineMetadata(CALLER, caller, place);
  };
}

import type { policyTriggers, PolicyTrigger, OfType } from '@aidtrail/domain';
import type { AuditedLeaf } from '../audit/leaf-check.js';

/** Watches one policy: what must follow from an event that sets it off, and whether it does. */
export interface PolicyWatch {
  /** A leaf of a type that sets the policy off. */
  cause(leaf: AuditedLeaf): void;
  /** A leaf of a type that only this policy brings about, and the id of the event that it names as its cause. */
  effect(leaf: AuditedLeaf, ref: string): void;
}

export type PolicyName = (typeof policyTriggers)[PolicyTrigger]['policy'];

/** The leaf's event; its type was checked by whoever dispatched it. */
export function eventAs<K extends AuditedLeaf['event']['type']>(leaf: AuditedLeaf): OfType<AuditedLeaf['event'], K> {
  return leaf.event as OfType<AuditedLeaf['event'], K>;
}

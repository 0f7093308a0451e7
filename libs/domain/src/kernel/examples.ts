import type { Context, EnrolledSigner, HolderSigner } from './concept.js';
import type { Role } from './fields.js';

/** Values that specs and reference examples of all concepts are made of. */
export function exampleUuid(number: number): string {
  return `10000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

function exampleKeyId(number: number): string {
  return number.toString(16).padStart(64, '0');
}

/** 32 bytes of base64; well-formed, though nobody holds the secret part. */
export function exampleBase64(number: number): string {
  return `${number.toString(36).padStart(42, 'A')}A=`;
}

export function exampleOfficer(role: Role, officer: string, more: Partial<EnrolledSigner> = {}): EnrolledSigner {
  const keyId = Array.from(officer, (letter) => letter.charCodeAt(0).toString(16)).join('');
  return { kind: 'enrolled', keyId: keyId.padStart(64, '0').slice(-64), role, officer, ...more };
}

/** A key that has no officer: a till, channel or service. */
export function exampleDevice(role: Role, more: Partial<EnrolledSigner> = {}): EnrolledSigner {
  return { kind: 'enrolled', keyId: exampleKeyId(1), role, ...more };
}

export function exampleHolder(publicKey: string): HolderSigner {
  return { kind: 'holder', publicKey };
}

export function exampleContext(more: Partial<Context> = {}): Context {
  return { day: '2026-11-02', signers: [], treeSize: 1000, k: 10, ...more };
}

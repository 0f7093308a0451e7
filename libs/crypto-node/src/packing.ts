import { base64DecodeOrThrow } from '@aidtrail/envelope';
import type { AcceptanceJob, LeafJob, LeafRun, PreparedAcceptance, PreparedLeaf, VerifyJob } from '@aidtrail/envelope';

/**
 * What travels between the pool and its workers: one buffer or one string for many jobs. Cloning a thousand small
 * objects and typed arrays would cost more than signing them.
 */

const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const SEAL_KEY_BYTES = 32;
const NOT_SEALED = 0xffffffff;
const SAME_MESSAGE = 0xffffffff;

export function hasFixedSizes(job: VerifyJob): boolean {
  return job.publicKey.length === PUBLIC_KEY_BYTES && job.signature.length === SIGNATURE_BYTES;
}

/**
 * Per job: public key (32), signature (64), length of the message (4, little-endian), message. Both parties of a command
 * sign the same bytes: a message that is the very array of the job before has the length `SAME_MESSAGE`, and no bytes.
 */
export function packVerifyJobs(jobs: readonly VerifyJob[]): Uint8Array {
  const head = PUBLIC_KEY_BYTES + SIGNATURE_BYTES + 4;
  const isSame = (i: number): boolean => i > 0 && jobs[i]?.message === jobs[i - 1]?.message;
  const length = jobs.reduce((sum, { message }, i) => sum + head + (isSame(i) ? 0 : message.length), 0);
  const packed = new Uint8Array(length);
  const view = new DataView(packed.buffer);
  let at = 0;
  jobs.forEach(({ publicKey, signature, message }, i) => {
    packed.set(publicKey, at);
    packed.set(signature, at + PUBLIC_KEY_BYTES);
    view.setUint32(at + head - 4, isSame(i) ? SAME_MESSAGE : message.length, true);
    at += head;
    if (isSame(i)) return;
    packed.set(message, at);
    at += message.length;
  });
  return packed;
}

export function unpackVerifyJobs(packed: Uint8Array): VerifyJob[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const jobs: VerifyJob[] = [];
  let at = 0;
  const take = (length: number): Uint8Array => packed.subarray(at, (at += length));
  let message = take(0);
  while (at < packed.length) {
    const publicKey = take(PUBLIC_KEY_BYTES);
    const signature = take(SIGNATURE_BYTES);
    const length = view.getUint32(at, true);
    at += 4;
    if (length !== SAME_MESSAGE) message = take(length);
    jobs.push({ publicKey, signature, message });
  }
  return jobs;
}

type LeafJobOnTheWire = Omit<LeafJob, 'sealKey'> & { readonly sealKey?: string };

/** Jobs that are a run as JSON; their seal keys travel beside it, one after the other. */
export interface PackedLeafRun {
  readonly json: string;
  readonly sealKeys: Uint8Array;
}

export function packLeafRun(run: LeafRun, jobs: readonly LeafJob[]): PackedLeafRun {
  const sealKeys = new Uint8Array(run.pattern.privateFields === undefined ? 0 : SEAL_KEY_BYTES * jobs.length);
  if (sealKeys.length > 0) jobs.forEach(({ sealKey }, i) => sealKeys.set(sealKey as Uint8Array, SEAL_KEY_BYTES * i));
  return { json: JSON.stringify(run), sealKeys };
}

export function unpackLeafRun({ json }: PackedLeafRun): LeafRun {
  return JSON.parse(json) as LeafRun;
}

export function packLeafJobs(jobs: readonly LeafJob[]): string {
  return JSON.stringify(jobs.map(toWire));
}

export function unpackLeafJobs(text: string): LeafJob[] {
  return (JSON.parse(text) as LeafJobOnTheWire[]).map(fromWire);
}

/** Acceptances as JSON. Signed bodies travel beside it: inside, each of their quotation marks would be escaped. */
export interface PackedAcceptanceJobs {
  readonly json: string;
  /** One a job; empty where the first leaf embeds no command. */
  readonly bodyTexts: readonly string[];
}

type AcceptanceJobOnTheWire = Omit<AcceptanceJob, 'leaves'> & { readonly leaves: readonly LeafJobOnTheWire[] };

export function packAcceptanceJobs(jobs: readonly AcceptanceJob[]): PackedAcceptanceJobs {
  const onTheWire = jobs.map(({ leaves, answer }) => ({
    leaves: leaves.map((job, i) => withBodyText(toWire(job), i === 0 ? '' : undefined)),
    answer,
  }));
  return { json: JSON.stringify(onTheWire), bodyTexts: jobs.map(({ leaves }) => bodyTextOf(leaves[0])) };
}

export function unpackAcceptanceJobs({ json, bodyTexts }: PackedAcceptanceJobs): AcceptanceJob[] {
  return (JSON.parse(json) as AcceptanceJobOnTheWire[]).map(({ leaves, answer }, k) => ({
    leaves: leaves.map((job, i) => fromWire(withBodyText(job, i === 0 ? bodyTexts[k] : undefined))),
    answer,
  }));
}

function bodyTextOf(job: LeafJob | undefined): string {
  return job !== undefined && 'bodyText' in job.command ? job.command.bodyText : '';
}

/** With `undefined` as it is. */
function withBodyText(job: LeafJobOnTheWire, bodyText: string | undefined): LeafJobOnTheWire {
  if (bodyText === undefined || !('bodyText' in job.command)) return job;
  return { ...job, command: { ...job.command, bodyText } };
}

function toWire(job: LeafJob): LeafJobOnTheWire {
  const { sealKey, ...rest } = job;
  return sealKey === undefined ? rest : { ...rest, sealKey: Buffer.from(sealKey).toString('base64') };
}

function fromWire({ sealKey, ...job }: LeafJobOnTheWire): LeafJob {
  return sealKey === undefined ? job : { ...job, sealKey: base64DecodeOrThrow(sealKey) };
}

/** Per leaf: lengths of leaf and sealed part (4 each, little-endian), leaf, sealed part. */
export function packPreparedLeaves(leaves: readonly PreparedLeaf[]): Uint8Array {
  let length = 0;
  for (const leaf of leaves) length += 8 + leaf.bytes.length + (leaf.sealed?.length ?? 0);
  const packed = new Uint8Array(length);
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const { bytes, sealed } of leaves) {
    view.setUint32(at, bytes.length, true);
    view.setUint32(at + 4, sealed?.length ?? NOT_SEALED, true);
    at += 8;
    packed.set(bytes, at);
    at += bytes.length;
    if (sealed !== undefined) packed.set(sealed, at);
    at += sealed?.length ?? 0;
  }
  return packed;
}

/** Per acceptance: lengths of answer and packed leaves (4 each, little-endian), answer, packed leaves. */
export function packAcceptances(acceptances: readonly PreparedAcceptance[]): Uint8Array {
  const parts = acceptances.map(({ leaves, answer }) => ({ answer, leaves: packPreparedLeaves(leaves) }));
  const packed = new Uint8Array(parts.reduce((sum, { answer, leaves }) => sum + 8 + answer.length + leaves.length, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const { answer, leaves } of parts) {
    view.setUint32(at, answer.length, true);
    view.setUint32(at + 4, leaves.length, true);
    packed.set(answer, at + 8);
    at += 8 + answer.length;
    packed.set(leaves, at);
    at += leaves.length;
  }
  return packed;
}

/** Answers and leaves are views of the one buffer. */
export function unpackAcceptances(packed: Uint8Array): PreparedAcceptance[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const acceptances: PreparedAcceptance[] = [];
  for (let at = 0; at < packed.length;) {
    const leavesAt = at + 8 + view.getUint32(at, true);
    const end = leavesAt + view.getUint32(at + 4, true);
    acceptances.push({
      answer: packed.subarray(at + 8, leavesAt),
      leaves: unpackPreparedLeaves(packed.subarray(leavesAt, end)),
    });
    at = end;
  }
  return acceptances;
}

/** The leaves are views of the one buffer. */
export function unpackPreparedLeaves(packed: Uint8Array): PreparedLeaf[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const leaves: PreparedLeaf[] = [];
  let at = 0;
  const take = (length: number): Uint8Array => packed.subarray(at, (at += length));
  while (at < packed.length) {
    const bytesLength = view.getUint32(at, true);
    const sealedLength = view.getUint32(at + 4, true);
    at += 8;
    const bytes = take(bytesLength);
    leaves.push(sealedLength === NOT_SEALED ? { bytes } : { bytes, sealed: take(sealedLength) });
  }
  return leaves;
}

import { fieldText } from './disclosure.js';
import { canonicalize, DEFAULT_MAX_DEPTH } from './json.js';
import type { JsonObject, JsonValue } from './json.js';
import { checkedTextAroundSignature, signText } from './leaf.js';
import { ownDisclosures, sealTogether, sortFacts } from './prepare-leaf.js';
import type { LeafJob, LeafTools, PreparedLeaf } from './prepare-leaf.js';
import { FORMATS, matchOrThrow } from './shape.js';

/**
 * Leaves that differ in few members, such as those of one batch of vouchers: what they share is sent, checked and written
 * once for all of them.
 */
export interface LeafRun {
  /** One of the jobs, with all that is shared. */
  readonly pattern: Omit<LeafJob, 'sealKey'>;
  /** Names of the public and the private fields that differ. */
  readonly dataNames: readonly string[];
  readonly privateNames: readonly string[];
  readonly leaves: readonly LeafOfRun[];
}

export interface LeafOfRun {
  readonly id: string;
  readonly stream: string;
  /** In the order of `dataNames`. */
  readonly data: readonly JsonValue[];
  /** In the order of `privateNames`. */
  readonly private: readonly JsonValue[];
}

/**
 * The jobs as a run, without their seal keys; undefined unless they have the same type, day, version, facts, cause and
 * field names. Jobs that embed a signed command are never a run.
 */
export function leafRunOf(jobs: readonly LeafJob[]): LeafRun | undefined {
  const [first] = jobs;
  if (first === undefined || !jobs.every((job) => isAlike(job, first))) return undefined;
  const { sealKey: _, ...pattern } = first;
  const dataNames = namesThatDiffer(jobs.map(({ data }) => data));
  const privateNames = namesThatDiffer(jobs.map(({ privateFields }) => privateFields ?? NO_FIELDS));
  const leaves = jobs.map(({ id, stream, data, privateFields = NO_FIELDS }) => ({
    id,
    stream,
    data: dataNames.map((name) => data[name] as JsonValue),
    private: privateNames.map((name) => privateFields[name] as JsonValue),
  }));
  return { pattern, dataNames, privateNames, leaves };
}

/** `prepareLeaf` of every job of the run, byte for byte; `sealKeys` has 32 bytes a leaf, if there are private fields. */
export function prepareLeafRun(run: LeafRun, sealKeys: Uint8Array, tools: LeafTools): PreparedLeaf[] {
  const { pattern, dataNames, privateNames } = run;
  const writeText = textWriter(run);
  const writeFields = fieldsWriter(pattern.privateFields ?? NO_FIELDS, privateNames);
  const writeData = objectWriter(pattern.data, dataNames);
  return run.leaves.map((leaf, i) => {
    const id = matchOrThrow(leaf.id, 'leaf.id', FORMATS.uuid);
    const stream = matchOrThrow(leaf.stream, 'leaf.stream', FORMATS.stream);
    const key = sealKeys.subarray(32 * i, 32 * (i + 1));
    const own = ownDisclosures(writeFields(leaf.private), { key, id }, tools);
    const bytes = signText(writeText({ id, stream, data: writeData(leaf.data), digests: own._sd }), tools.signer);
    if (own.disclosures.length === 0) return { bytes };
    return { bytes, sealed: sealTogether(own.disclosures, { key, id }, tools) };
  });
}

const NO_FIELDS: JsonObject = {};

function isAlike(job: LeafJob, first: LeafJob): boolean {
  return (
    job.log === first.log &&
    job.type === first.type &&
    job.day === first.day &&
    job.version === first.version &&
    'ref' in job.command &&
    'ref' in first.command &&
    job.command.ref === first.command.ref &&
    job.commandDisclosures === undefined &&
    (job.sealKey?.length === 32) === (first.privateFields !== undefined) &&
    hasSameNames(job.data, first.data) &&
    hasSameNames(job.privateFields ?? NO_FIELDS, first.privateFields ?? NO_FIELDS) &&
    hasSameFacts(job, first)
  );
}

function hasSameNames(a: JsonObject, b: JsonObject): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name));
}

function hasSameFacts({ facts: a = [] }: LeafJob, { facts: b = [] }: LeafJob): boolean {
  return a === b || (a.length === b.length && a.every(([stream, version], i) => isFact(b[i], stream, version)));
}

function isFact(fact: readonly [string, number] | undefined, stream: string, version: number): boolean {
  return fact !== undefined && fact[0] === stream && fact[1] === version;
}

function namesThatDiffer(objects: readonly JsonObject[]): string[] {
  const [first = NO_FIELDS] = objects;
  return Object.keys(first).filter((name) => objects.some((object) => object[name] !== first[name]));
}

interface OwnText {
  readonly id: string;
  readonly stream: string;
  /** Canonical. */
  readonly data: string;
  readonly digests: readonly string[];
}

/** Checks what is shared and cuts the text of a leaf where the leaves differ. */
function textWriter({ pattern }: LeafRun): (own: OwnText) => { before: string; after: string } {
  const { log, id, type, stream, version, day, command, facts = [] } = pattern;
  const { before, after } = checkedTextAroundSignature({
    ...{ v: 1, log, id, type, stream, version, day, command, data: {} },
    ...(facts.length === 0 ? {} : { facts: sortFacts(facts) }),
  });
  const [toData, fromData] = cut(before, '"data":{}', '"data":');
  const [toId, fromId] = cut(fromData, `"id":"${id}"`, '"id":"');
  const fromStream = after.slice(`"stream":"${stream}`.length);
  return (own) => {
    // Digests are base64url: nothing to escape.
    const digests = own.digests.length === 0 ? '' : `"_sd":["${own.digests.join('","')}"],`;
    return {
      before: `{${digests}${toData.slice(1)}${own.data}${toId}${own.id}"${fromId}`,
      after: `"stream":"${own.stream}${fromStream}`,
    };
  };
}

/** The text before and after one member's value; the member's name stays with what is before. */
function cut(text: string, member: string, head: string): readonly [before: string, after: string] {
  const at = text.indexOf(member);
  return [text.slice(0, at) + head, text.slice(at + member.length)];
}

/** Canonical texts of objects that differ in the members named. */
function objectWriter(pattern: JsonObject, names: readonly string[]): (values: readonly JsonValue[]) => string {
  const literals: string[] = [];
  const slots: number[] = [];
  let literal = '{';
  for (const [i, name] of Object.keys(pattern).sort().entries()) {
    literal += `${i === 0 ? '' : ','}${canonicalize(name)}:`;
    const slot = names.indexOf(name);
    if (slot < 0) literal += canonicalize(pattern[name], DEFAULT_MAX_DEPTH - 1);
    else {
      literals.push(literal);
      slots.push(slot);
      literal = '';
    }
  }
  const last = `${literal}}`;
  return (values) => {
    let text = '';
    for (let k = 0; k < slots.length; k += 1) {
      text += (literals[k] as string) + canonicalize(values[slots[k] as number], DEFAULT_MAX_DEPTH - 1);
    }
    return text + last;
  };
}

/** The private fields of each leaf in the order of their names, ready to be salted. */
function fieldsWriter(pattern: JsonObject, names: readonly string[]): (values: readonly JsonValue[]) => string[] {
  const fields = Object.keys(pattern)
    .sort()
    .map((name) => ({ name, slot: names.indexOf(name), text: fieldText(name, pattern[name] as JsonValue) }));
  return (values) =>
    fields.map(({ name, slot, text }) => (slot < 0 ? text : fieldText(name, values[slot] as JsonValue)));
}

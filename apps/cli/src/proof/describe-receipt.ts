import { eventTable } from '@aidtrail/domain';
import { base64Encode, canonicalize } from '@aidtrail/envelope';
import type { OpenedReceipt } from '@aidtrail/verification';

/** What a checked receipt says, one line a fact. */
export function receiptLines({ index, leaf, leafHash, disclosed, witnessed }: OpenedReceipt): readonly string[] {
  const witnesses = witnessed.cosignedBy.map(({ witness, time }) => `${witness} (${timeText(time)})`);
  return [
    `event         ${leaf.type}: ${aboutOf(leaf.type)}`,
    `stream        ${leaf.stream}, version ${leaf.version}`,
    `day           ${leaf.day}`,
    `public        ${canonicalize(leaf.data)}`,
    ...Object.entries(disclosed).map(([name, value]) => `shown         ${name}: ${canonicalize(value)}`),
    `log           ${leaf.log}`,
    `place         index ${index} of ${witnessed.checkpoint.size}, leaf hash ${base64Encode(leafHash)}`,
    `witnessed by  ${witnesses.length === 0 ? 'nobody (the policy asks for none)' : witnesses.join(', ')}`,
  ];
}

/** The same for programs. */
export function receiptJson({ index, leaf, leafHash, disclosed, witnessed }: OpenedReceipt): object {
  const { type, id, stream, version, day, data } = leaf;
  return {
    log: leaf.log,
    index,
    leafHash: base64Encode(leafHash),
    event: { type, id, stream, version, day, data },
    disclosed,
    size: witnessed.checkpoint.size,
    witnesses: witnessed.cosignedBy.map(({ witness, time }) => ({ witness, time: timeText(time) })),
  };
}

export function aboutOf(type: string): string {
  const spec = Object.hasOwn(eventTable, type) ? eventTable[type as keyof typeof eventTable] : undefined;
  return spec?.about ?? 'an event of a type that this version does not know';
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

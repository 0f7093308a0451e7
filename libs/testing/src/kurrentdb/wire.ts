/** The messages in which events travel; the definitions are those that the client ships. */
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

const { ReadResp } = streams;
const { ReadEvent } = ReadResp;
const { RecordedEvent } = ReadEvent;

/** What the server says for "no position". */
const noPosition = (2n ** 64n - 1n).toString();

export interface EventToEncode {
  readonly id: string;
  readonly stream: string;
  readonly revision: number | bigint;
  readonly position: number;
  readonly type: string;
  readonly isJson: boolean;
  readonly created: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

/** Encoded once, when it is written: reading a million events then costs no more than sending them. */
export function encodeEvent(event: EventToEncode): Buffer {
  const position = event.position.toString();
  const recorded = new RecordedEvent();
  recorded.setId(stringUuid(event.id));
  recorded.setStreamIdentifier(streamIdentifier(event.stream));
  recorded.setStreamRevision(event.revision.toString());
  recorded.setPreparePosition(position);
  recorded.setCommitPosition(position);
  recorded.setData(event.data);
  recorded.setCustomMetadata(event.metadata);
  recorded
    .getMetadataMap()
    .set('type', event.type)
    // .NET ticks of 100 ns since 1970.
    .set('created', (BigInt(event.created) * 10_000n).toString())
    .set('content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  const read = new ReadEvent();
  read.setEvent(recorded);
  read.setCommitPosition(position);
  const response = new ReadResp();
  response.setEvent(read);
  return bytesOf(response);
}

export function encodeConfirmation(subscription: string): Buffer {
  const confirmation = new ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(subscription);
  const response = new ReadResp();
  response.setConfirmation(confirmation);
  return bytesOf(response);
}

/** Without a position: as the server does when a filtered subscription has come to the end and sent nothing. */
export function encodeCheckpoint(position: number | undefined): Buffer {
  const checkpoint = new ReadResp.Checkpoint();
  checkpoint.setCommitPosition(position?.toString() ?? noPosition);
  checkpoint.setPreparePosition(position?.toString() ?? noPosition);
  const response = new ReadResp();
  response.setCheckpoint(checkpoint);
  return bytesOf(response);
}

export function encodeCaughtUp(): Buffer {
  const response = new ReadResp();
  response.setCaughtUp(new ReadResp.CaughtUp());
  return bytesOf(response);
}

export function encodeStreamNotFound(stream: string): Buffer {
  const notFound = new ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(streamIdentifier(stream));
  const response = new ReadResp();
  response.setStreamNotFound(notFound);
  return bytesOf(response);
}

/** The same event for a reader that asks for ids in two numbers instead of text. */
export function withStructuredId(wire: Buffer): Buffer {
  const response = ReadResp.deserializeBinary(wire);
  const recorded = response.getEvent()?.getEvent();
  const id = recorded?.getId();
  if (recorded === undefined || id === undefined) return wire;
  const hex = id.getString().replaceAll('-', '');
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(BigInt.asIntN(64, BigInt(`0x${hex.slice(0, 16)}`)).toString());
  structured.setLeastSignificantBits(BigInt.asIntN(64, BigInt(`0x${hex.slice(16)}`)).toString());
  id.setStructured(structured);
  return bytesOf(response);
}

export function streamIdentifier(stream: string): shared.StreamIdentifier {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream, 'utf8'));
  return identifier;
}

export function streamName(identifier: shared.StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function stringUuid(id: string): shared.UUID {
  const uuid = new shared.UUID();
  uuid.setString(id);
  return uuid;
}

/** Lower case; throws where it is no UUID, as the server does. */
export function uuidText(uuid: shared.UUID | undefined): string {
  const text = uuid?.hasStructured() === true ? structuredText(uuid.getStructured()) : (uuid?.getString() ?? '');
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new Error(`Not a UUID: '${text}'.`);
  return text.toLowerCase();
}

function structuredText(structured: shared.UUID.Structured | undefined): string {
  const hex = [structured?.getMostSignificantBits(), structured?.getLeastSignificantBits()]
    .map((bits) =>
      BigInt.asUintN(64, BigInt(bits ?? '0'))
        .toString(16)
        .padStart(16, '0'),
    )
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function bytesOf(response: streams.ReadResp): Buffer {
  // A small Buffer shares its memory with others; the array that the encoder makes would be an allocation each.
  return Buffer.from(response.serializeBinary());
}

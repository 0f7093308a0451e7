import streams from '@eventstore/db-client/generated/streams_pb.js';
import { encodeEvent, uuidText, withStructuredId } from './wire.js';

const event = {
  stream: 's',
  revision: 0,
  position: 7,
  type: 'Gift',
  isJson: false,
  created: 1,
  data: Uint8Array.of(1),
  metadata: new Uint8Array(),
};

// The client asks for text; other clients ask for two signed numbers.
it.each(['00000000-0000-4000-8000-00000000000f', 'ffffffff-ffff-4fff-bfff-ffffffffffff'])(
  'an id is the same in text and in two numbers: %s',
  (id) => {
    const wire = withStructuredId(encodeEvent({ ...event, id }));
    const read = streams.ReadResp.deserializeBinary(wire).getEvent()?.getEvent();
    expect(read?.getId()?.hasStructured()).toBe(true);
    expect(uuidText(read?.getId())).toBe(id);
    expect(read?.getStreamRevision()).toBe('0');
  },
);

it('what is no id is refused', () => {
  expect(() => uuidText(undefined)).toThrow(/Not a UUID/);
});

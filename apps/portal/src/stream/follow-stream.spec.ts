import { describe, expect, it } from '@jest/globals';
import { followStream, type EventStream, type StreamState } from './follow-stream.js';

interface Opened extends EventStream {
  readonly tell: (type: string, data?: unknown) => void;
  isClosed: boolean;
}

function follow(event: 'figures' | 'log' = 'figures') {
  const streams: Opened[] = [];
  const waits: { readonly milliseconds: number; readonly then: () => void; isCancelled: boolean }[] = [];
  const [cuts, states]: [(number | undefined)[], StreamState[]] = [[], []];
  const open = (): Opened => {
    const listeners: [string, (event: { readonly data?: unknown }) => void][] = [];
    const stream: Opened = {
      isClosed: false,
      addEventListener: (type, listener) => listeners.push([type, listener]),
      close: () => (stream.isClosed = true),
      tell: (type, data) => listeners.filter(([name]) => name === type).forEach(([, listener]) => listener({ data })),
    };
    streams.push(stream);
    return stream;
  };
  const followed = followStream({
    open,
    event,
    onPublished: (cut) => cuts.push(cut),
    onState: (state) => states.push(state),
    wait: (milliseconds, then) => {
      const one = { milliseconds, then, isCancelled: false };
      waits.push(one);
      return () => (one.isCancelled = true);
    },
    random: () => 1,
  });
  const last = (): Opened => streams.at(-1) as Opened;
  const breakOff = (): void => {
    last().tell('error');
    waits.at(-1)?.then();
  };
  return { followed, streams, waits, cuts, states, last, breakOff };
}

describe('the stream of publications', () => {
  it('tells of what is published, by its cut', () => {
    const { cuts, last, states } = follow();
    last().tell('open');
    last().tell('figures', '{"cut":8905,"digest":"x"}');
    last().tell('figures', '<html>');
    expect(cuts).toEqual([8905, undefined]);
    expect(states).toEqual(['opening', 'live']);
  });

  it('tells of the log by its size, where that is what is listened to', () => {
    const { cuts, last } = follow('log');
    last().tell('open');
    last().tell('figures', '{"cut":8905,"digest":"x"}');
    last().tell('log', '{"size":8907}');
    last().tell('log', 'null');
    expect(cuts).toEqual([8907, undefined]);
  });

  it('is opened again when it breaks off, after waits that double to a minute, and begin anew once it was open', () => {
    const { breakOff, last, streams, waits } = follow();
    for (let i = 0; i < 8; i += 1) breakOff();
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
    last().tell('open');
    breakOff();
    expect(waits.at(-1)?.milliseconds).toBe(1_000);
    expect(streams.slice(0, -1).every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('has the figures asked for when it is back, because some may have been missed', () => {
    const { breakOff, cuts, last } = follow();
    last().tell('open');
    expect(cuts).toEqual([]);
    breakOff();
    last().tell('open');
    expect(cuts).toEqual([undefined]);
  });

  it('does not wait when told to hurry, and does nothing more once it is closed', () => {
    const { followed, last, streams, waits } = follow();
    last().tell('error');
    followed.hurry();
    expect([streams.length, waits[0]?.isCancelled]).toEqual([2, true]);
    followed.hurry();
    expect(streams.length).toBe(2);
    followed.close();
    last().tell('error');
    expect([last().isClosed, waits.length]).toEqual([true, 1]);
  });
});

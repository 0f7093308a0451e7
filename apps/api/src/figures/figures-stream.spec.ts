import { describe, expect, it, jest } from '@jest/globals';
import { BehaviorSubject, EMPTY, Subject } from 'rxjs';
import type { StoredFigures } from '@aidtrail/read-models';
import { FiguresStream, type FiguresMessage } from './figures-stream.js';

function figuresOf(cut: number): StoredFigures {
  return { cut, position: cut + 1, digest: `digest of ${cut}`, document: '{}' };
}

function listen(stream: FiguresStream) {
  const heard: FiguresMessage[] = [];
  let ended = false;
  const subscription = stream.listen().subscribe({ next: (one) => heard.push(one), complete: () => (ended = true) });
  return { heard, hasEnded: () => ended, leave: () => subscription.unsubscribe() };
}

describe('who listens to the public figures', () => {
  it('is told the newest at once, and each that follows', () => {
    const changes = new BehaviorSubject<StoredFigures | undefined>(figuresOf(7));
    const { heard, leave } = listen(new FiguresStream({ changes, sizes: EMPTY }));
    changes.next(figuresOf(19));
    expect(heard).toEqual([
      { type: 'figures', id: '7', data: { cut: 7, leaf: 8, digest: 'digest of 7' } },
      { type: 'figures', id: '19', data: { cut: 19, leaf: 20, digest: 'digest of 19' } },
    ]);
    leave();
  });

  it('is told how far the log is published, also where no figures follow from it', () => {
    const changes = new BehaviorSubject<StoredFigures | undefined>(undefined);
    const sizes = new Subject<number>();
    const { hasEnded, heard, leave } = listen(new FiguresStream({ changes, sizes }));
    sizes.next(21);
    sizes.next(34);
    expect(heard).toEqual([
      { type: 'log', data: { size: 21 } },
      { type: 'log', data: { size: 34 } },
    ]);
    // Sizes that end say nothing about figures.
    sizes.complete();
    expect(hasEnded()).toBe(false);
    leave();
  });

  it('hears nothing of figures while there are none, but that the line is alive', () => {
    jest.useFakeTimers();
    const changes = new BehaviorSubject<StoredFigures | undefined>(undefined);
    const { heard, leave } = listen(
      new FiguresStream({ changes, sizes: EMPTY }, { listeners: 1, heartbeatMilliseconds: 1_000 }),
    );
    jest.advanceTimersByTime(2_500);
    expect(heard.map(({ type }) => type)).toEqual(['heartbeat', 'heartbeat']);
    leave();
    jest.useRealTimers();
  });

  it('is refused beyond the limit, and let in when somebody has left', () => {
    const changes = new BehaviorSubject<StoredFigures | undefined>(undefined);
    const stream = new FiguresStream({ changes, sizes: EMPTY }, { listeners: 2, heartbeatMilliseconds: 60_000 });
    const [first, second] = [listen(stream), listen(stream)];
    expect(() => stream.listen()).toThrow(expect.objectContaining({ code: 'too_many_listeners' }));
    first.leave();
    const third = listen(stream);
    third.leave();
    second.leave();
  });

  it('is let go when the server stops, and when no more figures come', () => {
    const changes = new BehaviorSubject<StoredFigures | undefined>(figuresOf(7));
    const stream = new FiguresStream({ changes, sizes: EMPTY });
    const stopped = listen(stream);
    stream.end();
    expect(stopped.hasEnded()).toBe(true);
    const cutOff = listen(new FiguresStream({ changes, sizes: EMPTY }));
    changes.complete();
    expect(cutOff.hasEnded()).toBe(true);
  });
});

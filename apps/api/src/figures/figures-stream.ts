import {
  defer,
  endWith,
  filter,
  finalize,
  ignoreElements,
  interval,
  map,
  merge,
  Subject,
  takeUntil,
  type Observable,
} from 'rxjs';
import type { StoredFigures } from '@aidtrail/read-models';
import { Problem, type PublishedFigures } from '@aidtrail/nest';

/** A server-sent event. */
export interface FiguresMessage {
  readonly type: 'figures' | 'log' | 'heartbeat';
  readonly id?: string;
  readonly data:
    string | { readonly cut: number; readonly leaf: number; readonly digest: string } | { readonly size: number };
}

/** Well under the time after which a silent connection is closed, here and in web servers in front. */
const HEARTBEAT_MILLISECONDS = 15_000;
/** At once, in this process; each keeps a connection, of which commands need some too. */
const MAX_LISTENERS = 1_000;

/** Tells many listeners of the same publications, until the server stops. */
export class FiguresStream {
  private readonly stopping = new Subject<void>();
  private listeners = 0;

  constructor(
    private readonly told: Pick<PublishedFigures, 'changes' | 'sizes'>,
    private readonly limits = { listeners: MAX_LISTENERS, heartbeatMilliseconds: HEARTBEAT_MILLISECONDS },
  ) {}

  /** Throws the problem `too_many_listeners`. */
  listen(): Observable<FiguresMessage> {
    if (this.listeners >= this.limits.listeners) throw new Problem('too_many_listeners');
    return defer(() => {
      this.listeners += 1;
      const { changes, sizes } = this.told;
      const figures = changes.pipe(
        filter((one) => one !== undefined),
        map(messageOf),
      );
      const log = sizes.pipe(map((size): FiguresMessage => ({ type: 'log', data: { size } })));
      const beats = interval(this.limits.heartbeatMilliseconds).pipe(map((): FiguresMessage => HEARTBEAT));
      const ended = changes.pipe(ignoreElements(), endWith(undefined));
      return merge(figures, log, beats).pipe(
        takeUntil(merge(this.stopping, ended)),
        finalize(() => (this.listeners -= 1)),
      );
    });
  }

  end(): void {
    this.stopping.next();
    this.stopping.complete();
  }
}

const HEARTBEAT: FiguresMessage = { type: 'heartbeat', data: 'alive' };

function messageOf({ cut, digest, position }: StoredFigures): FiguresMessage {
  return { type: 'figures', id: String(cut), data: { cut, leaf: position, digest } };
}

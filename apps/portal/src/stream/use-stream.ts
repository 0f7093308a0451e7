import { useEffect, useRef, useState } from 'react';
import { readSettings } from '../shell/server.js';
import { followStream, type FollowedStream, type Published, type StreamState } from './follow-stream.js';

/** As `StreamTools.wait`, by the browser's clock. */
export function waitInBrowser(milliseconds: number, then: () => void): () => void {
  const timer = setTimeout(then, milliseconds);
  return () => clearTimeout(timer);
}

/** Follows the public stream while the page is open; on a site without an api there is none, and it stays `opening`. */
export function useStream(event: Published, onPublished: (size: number | undefined) => void): StreamState {
  const [state, setState] = useState<StreamState>('opening');
  const listener = useRef(onPublished);
  useEffect(() => {
    listener.current = onPublished;
  }, [onPublished]);
  useEffect(() => {
    let followed: FollowedStream | undefined;
    let isOver = false;
    const hurry = (): void => followed?.hurry();
    void readSettings().then(({ api }) => {
      if (api === undefined || isOver) return;
      followed = followStream({
        open: () => new EventSource(new URL('public/stream', api)),
        event,
        onPublished: (size) => listener.current(size),
        onState: setState,
        wait: waitInBrowser,
        random: Math.random,
      });
    });
    window.addEventListener('online', hurry);
    return () => {
      isOver = true;
      window.removeEventListener('online', hurry);
      followed?.close();
    };
  }, [event]);
  return state;
}

import type { Readable } from 'node:stream';
import type { PipeTransform } from '@nestjs/common';
import { Problem } from '@aidtrail/nest';
import { UnreadBody, type ContentType } from './content-types.js';
import { JoinedBytes } from './joined-bytes.js';

/** What a route takes as its body. */
export interface BodyRule {
  readonly types: readonly ContentType[];
  readonly maxBytes: number;
  /** By then the whole body must have come. */
  readonly milliseconds: number;
}

/**
 * For `@Body`: reads the whole body. Throws `Problem`: `malformed` without a body or for one that is cut off,
 * `content_type_unsupported`, `body_too_large`, `body_too_slow`.
 */
export function bytesOf(rule: BodyRule): PipeTransform<unknown, Promise<Uint8Array>> {
  return { transform: (body) => readAll(bodyOrThrow(body, rule.types), rule) };
}

/** For `@Body`: the body as a stream, which the handler reads to its end or ends. Throws as `bytesOf` does. */
export function streamOf(type: ContentType): PipeTransform<unknown, Readable> {
  return { transform: (body) => bodyOrThrow(body, [type]).stream };
}

function bodyOrThrow(body: unknown, types: readonly ContentType[]): UnreadBody {
  if (!(body instanceof UnreadBody)) throw new Problem('malformed', { detail: 'The body is empty.' });
  if (!types.includes(body.type)) throw new Problem('content_type_unsupported');
  return body;
}

/**
 * Untrusted: sizes, speed and number of the parts. They are taken out of the stream in larger pieces than they came in,
 * and joined at once. A small body has mostly come with its head: then nothing is waited for.
 */
function readAll({ stream, announcedBytes = 0 }: UnreadBody, rule: BodyRule): Promise<Uint8Array> {
  if (announcedBytes > rule.maxBytes) return Promise.reject(new Problem('body_too_large'));
  if (stream.destroyed) return Promise.reject(cutOff());
  const read = new JoinedBytes();
  let length = 0;
  /** False once it is more than there may be. */
  const takeWhatIsThere = (): boolean => {
    for (let part = partOf(stream); part !== null; part = partOf(stream)) {
      length += part.length;
      if (length > rule.maxBytes) return false;
      read.add(part);
    }
    return true;
  };
  if (!takeWhatIsThere()) return Promise.reject(new Problem('body_too_large'));
  if (stream.complete && stream.readableLength === 0) return Promise.resolve(read.take());
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => end(new Problem('body_too_slow')), rule.milliseconds);
    const end = (fault?: Problem) => {
      clearTimeout(late);
      stream.off('readable', onReadable).off('end', onEnd).off('close', onCut);
      if (fault === undefined) resolve(read.take());
      else reject(fault);
    };
    const onEnd = () => end();
    const onCut = () => end(cutOff());
    const onReadable = () => {
      if (!takeWhatIsThere()) end(new Problem('body_too_large'));
    };
    // The connection's fault comes with `close`, which follows; unheard it would be a fault of ours.
    stream.on('error', () => undefined);
    stream.on('readable', onReadable).on('end', onEnd).on('close', onCut);
  });
}

function partOf(stream: Readable): Uint8Array | null {
  return stream.read() as Uint8Array | null;
}

function cutOff(): Problem {
  return new Problem('malformed', { detail: 'The body was cut off.' });
}

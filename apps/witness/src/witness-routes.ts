import type { HttpAnswer, HttpRequest } from './http-server.js';
import type { Answer, Witness } from './witness.js';

const SIZE_TYPE = 'text/x.tlog.size';

/**
 * C2SP tlog-witness over HTTP: `POST /add-checkpoint`, and `GET /<origin hash>/checkpoint` for monitors. The prefixes are
 * those of the web server in front. `originOf` gives the origin of a lower-case hex SHA-256, if the witness knows one.
 */
export function witnessRoutes(
  witness: Witness,
  originOf: (hash: string) => string | undefined,
): (request: HttpRequest) => Promise<HttpAnswer> {
  return async ({ method, path, body }) => {
    if (path === '/add-checkpoint')
      return method === 'POST' ? answerOf(await witness.addCheckpoint(body)) : { status: 405 };
    const [, hash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path) ?? [];
    const origin = hash === undefined ? undefined : originOf(hash);
    const note = origin === undefined ? undefined : witness.latest(origin);
    if (note === undefined) return { status: 404 };
    return method === 'GET' ? { status: 200, body: note } : { status: 405 };
  };
}

function answerOf(answer: Answer): HttpAnswer {
  switch (answer.status) {
    case 200:
      return { status: 200, body: answer.line };
    case 409:
      return { status: 409, type: SIZE_TYPE, body: `${answer.size}\n` };
    case 503:
      return { status: 503, body: 'the clock of this witness is not right\n' };
    default:
      return { status: answer.status, body: `${answer.reason}\n` };
  }
}

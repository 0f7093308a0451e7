import type { Socket } from 'node:net';
import { problemOfStatus, PROBLEM_TYPE } from '@aidtrail/nest';
import type { FastifyReply } from 'fastify';

/**
 * What the router and the parser of HTTP refuse before there is a route: answered as everything else is, and without the
 * path, which may hold a trace code.
 */
export const beforeRouting = {
  frameworkErrors: (error: { readonly statusCode?: number }, _request: unknown, reply: FastifyReply): void => {
    const { document } = problemOfStatus(error.statusCode ?? 400);
    void reply.status(document.status).type(PROBLEM_TYPE).send(JSON.stringify(document));
  },
  clientErrorHandler: (error: { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const { document } = problemOfStatus(400);
    const body = JSON.stringify(document);
    const head = [
      `HTTP/1.1 ${document.status} Refused`,
      `content-type: ${PROBLEM_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  },
};

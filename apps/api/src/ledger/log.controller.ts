import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MalformedInput } from '@aidtrail/envelope';
import { Problem, Public, SYSTEM, type LogStatus, type System } from '@aidtrail/nest';
import { parseTilePathOrThrow, type TileId } from '@aidtrail/public-log';
import { LogStatusAnswer } from './log-status-answer.js';

const gzipped = promisify(gzip);
const FASTEST = 1;
const TILE_TYPE = 'application/octet-stream';
/** A year, in seconds: a tile never changes. */
const TILE_AGE = 31_536_000;

/**
 * The public log as C2SP tlog-tiles lays it out, and what witnesses say of it. The same files stand in the data folder, for
 * any static web server; a browser on another site may read them too.
 */
@ApiTags('log')
@Controller('log')
export class LogController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'log'>) {}

  @Get('checkpoint')
  @Public()
  @ApiOperation({ summary: 'The published checkpoint (C2SP tlog-checkpoint); every tile under it can be read' })
  @ApiProduces('text/plain')
  @ApiResponse({ status: 404, description: 'None was published yet' })
  async checkpoint(@Res() reply: FastifyReply): Promise<void> {
    const note = await this.system.log.checkpoint();
    if (note === undefined) throw new Problem('not_found');
    void openToAll(reply).type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(note);
  }

  @Get('witnessed-checkpoint')
  @Public()
  @ApiOperation({
    summary:
      'The newest published checkpoint that met the quorum of the policy, with the cosignatures of its witnesses',
  })
  @ApiProduces('text/plain')
  @ApiResponse({ status: 404, description: 'None did yet, or the policy asks for no witnesses' })
  async witnessedCheckpoint(@Res() reply: FastifyReply): Promise<void> {
    const note = await this.system.log.witnessedCheckpoint();
    if (note === undefined) throw new Problem('not_found');
    void openToAll(reply).type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(note);
  }

  @Get('status')
  @Public()
  @ApiOperation({ summary: 'How far the log is published and witnessed, and how each witness of the policy stands' })
  @ApiOkResponse({ type: LogStatusAnswer })
  status(@Res({ passthrough: true }) reply: FastifyReply): LogStatus {
    void openToAll(reply).header('cache-control', 'no-cache');
    return this.system.log.status();
  }

  @Get('policy')
  @Public()
  @ApiOperation({
    summary: 'The policy that this ledger gives for its log (C2SP tlog-policy): its key, leaf 0, witnesses, quorum',
    description: 'To begin with. What is to be trusted one takes from somebody else than the server.',
  })
  @ApiProduces('text/plain')
  async policy(@Res() reply: FastifyReply): Promise<void> {
    const policy = await this.system.log.policy();
    if (policy === undefined) throw new Problem('not_found');
    void openToAll(reply).type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(policy);
  }

  @Get('tile/*')
  @Public()
  @ApiOperation({
    summary: 'A hash tile, <level>/<number>[.p/<width>], or an entry bundle, entries/<number>[.p/<width>]',
    description: 'Of partial ones those of the published checkpoint; once a tile is full, it takes their place.',
  })
  @ApiParam({ name: 'path', example: 'entries/000.p/3' })
  @ApiProduces(TILE_TYPE)
  @ApiResponse({ status: 404, description: 'There is no such tile' })
  async tile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Untrusted: the path. It never reaches the disk as it is: what is read is the one spelling of a tile's name.
    const { '*': path } = request.params as { readonly '*': string };
    const id = tileNamed(`tile/${path}`);
    const bytes = await this.system.log.tile(id);
    if (bytes === undefined) throw new Problem('not_found');
    openToAll(reply).type(TILE_TYPE).header('cache-control', `public, max-age=${TILE_AGE}, immutable`);
    // Entries are text and get four times smaller; hashes do not.
    if (id.level !== 'entries') return void reply.send(bytes);
    reply.header('vary', 'accept-encoding');
    if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) return void reply.send(bytes);
    void reply.header('content-encoding', 'gzip').send(await gzipped(bytes, { level: FASTEST }));
  }
}

function tileNamed(path: string): TileId {
  try {
    return parseTilePathOrThrow(path);
  } catch (error) {
    if (error instanceof MalformedInput) throw new Problem('not_found');
    throw error;
  }
}

function openToAll(reply: FastifyReply): FastifyReply {
  return reply.header('access-control-allow-origin', '*');
}

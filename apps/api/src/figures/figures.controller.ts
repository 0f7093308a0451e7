import { Controller, Get, Header, Inject, Param, Query, Req, Res, Sse, type OnModuleDestroy } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProduces, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { defer, type Observable } from 'rxjs';
import type { DisclosedFigures, PublicFigures } from '@aidtrail/figures';
import { figuresOfCut, type StoredFigures } from '@aidtrail/read-models';
import { Problem, Public, SYSTEM, type System } from '@aidtrail/nest';
import { queryAs } from '../http/parameters.js';
import { figuresTable } from './figures-table.js';
import { FiguresStream, type FiguresMessage } from './figures-stream.js';

/** Where FiguresPublished stands in the log: its leaf index. */
const LEAF_HEADER = 'figures-leaf';
/** A year, in seconds: what was published of a cut never changes. */
const AGE_OF_A_CUT = 31_536_000;

export class TableQuery {
  @ApiProperty({ description: '`totals`, `settlements`, `corrections`, or the name of a breakdown', example: 'totals' })
  @IsString()
  @Matches(/^[a-z]+(-[a-z]+)*$/)
  readonly table!: string;
}

/**
 * The public figures, as the ledger has committed itself to them in the log: the bytes that are sent are those whose
 * SHA-256 stands in FiguresPublished. They move once per slot, when the log does; a browser on another site may read them.
 */
@ApiTags('figures')
@Controller('public')
export class FiguresController implements OnModuleDestroy {
  private readonly stream: FiguresStream;

  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'figures' | 'log' | 'reads'>) {
    this.stream = new FiguresStream({
      changes: defer(() => system.figures.changes),
      sizes: defer(() => system.figures.sizes),
    });
  }

  @Get('figures')
  @Public()
  @ApiOperation({
    summary: 'The newest public figures: canonical JSON, whose SHA-256 stands in the log',
    description: 'The header `figures-leaf` is the index of the FiguresPublished that names the digest.',
  })
  @ApiProduces('application/json')
  @ApiResponse({ status: 404, description: 'None were published yet' })
  newest(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { digest, document, position } = this.newestOrThrow();
    send({ digest, document, position }, { request, reply, cacheControl: 'no-cache' });
  }

  @Get('figures/disclosed')
  @Public()
  @ApiOperation({
    summary: 'What goes with the newest public figures and only an auditor with disclosures can recompute',
    description: 'Its SHA-256 is `disclosedDigest` of the same FiguresPublished.',
  })
  @ApiProduces('application/json')
  @ApiResponse({ status: 404, description: 'None were published yet' })
  disclosed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { disclosed, position } = this.newestOrThrow();
    if (disclosed === undefined) throw new Problem('not_found');
    send({ ...disclosed, position }, { request, reply, cacheControl: 'no-cache' });
  }

  @Get('figures/:cut')
  @Public()
  @ApiOperation({ summary: 'The public figures of one cut, by the leaf index of its FiguresCut' })
  @ApiParam({ name: 'cut', example: 4_711 })
  @ApiProduces('application/json')
  @ApiResponse({ status: 404, description: 'There is no such cut, or nothing was published of it' })
  async ofCut(@Param('cut') cut: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // Untrusted: the path. A leaf index has at most 16 digits.
    if (!/^(0|[1-9]\d{0,15})$/.test(cut) || !Number.isSafeInteger(Number(cut))) throw new Problem('not_found');
    const before = this.system.log.status().publishedSize;
    const figures = await figuresOfCut(this.system.reads, { cut: Number(cut), before });
    if (figures === undefined) throw new Problem('not_found');
    send(figures, { request, reply, cacheControl: `public, max-age=${AGE_OF_A_CUT}, immutable` });
  }

  @Get('figures.csv')
  @Public()
  @ApiOperation({ summary: 'One table of the newest public figures as CSV (RFC 4180, UTF-8 with a byte order mark)' })
  @ApiProduces('text/csv')
  @ApiResponse({ status: 404, description: 'There is no such table, or no figures yet' })
  table(@Query(queryAs(TableQuery)) { table }: TableQuery, @Res() reply: FastifyReply): void {
    const { digest, disclosed, document } = this.newestOrThrow();
    const second = disclosed === undefined ? undefined : (JSON.parse(disclosed.document) as DisclosedFigures);
    const csv = figuresTable(table, JSON.parse(document) as PublicFigures, second);
    if (csv === undefined) throw new Problem('not_found');
    void openToAll(reply)
      .type('text/csv; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-disposition', `attachment; filename="${table}.csv"`)
      .header('figures-digest', digest)
      .send(csv);
  }

  @Sse('stream')
  @Public()
  @Header('access-control-allow-origin', '*')
  @ApiOperation({
    summary:
      'Server-sent events: `figures` and `log`, at once and whenever figures, or entries of the log, are published',
    description:
      'The data of `figures` are `cut`, `leaf` and `digest`, those of `log` its `size`: what answers are made from reaches ' +
      'that far. `heartbeat` events say that the line is alive.',
  })
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 503, description: 'Too many listen already; ask for the figures now and then instead' })
  changes(): Observable<FiguresMessage> {
    return this.stream.listen();
  }

  onModuleDestroy(): void {
    this.stream.end();
  }

  private newestOrThrow(): StoredFigures {
    const newest = this.system.figures.newest();
    if (newest === undefined) throw new Problem('not_found');
    return newest;
  }
}

function send(
  { digest, document, position }: Pick<StoredFigures, 'digest' | 'document' | 'position'>,
  { request, reply, cacheControl }: { request: FastifyRequest; reply: FastifyReply; cacheControl: string },
): void {
  const etag = `"${digest}"`;
  void openToAll(reply)
    .header('access-control-expose-headers', `etag, ${LEAF_HEADER}`)
    .header('cache-control', cacheControl)
    .header('etag', etag)
    .header(LEAF_HEADER, position)
    .type('application/json; charset=utf-8');
  const held = request.headers['if-none-match'];
  if (held?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) === true)
    return void reply.status(304).send();
  void reply.send(document);
}

function openToAll(reply: FastifyReply): FastifyReply {
  return reply.header('access-control-allow-origin', '*');
}

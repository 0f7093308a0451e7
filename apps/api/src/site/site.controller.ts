import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, Public } from '@aidtrail/nest';
import { SITE, type Site, type SiteFile } from './site.js';

/** The public site. Its pages are addressed in the fragment, which no server ever sees: a trace code stands there. */
@ApiTags('site')
@Controller()
export class SiteController {
  constructor(@Inject(SITE) private readonly site: Site) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'The public site; its pages are told apart by the fragment' })
  index(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send('index.html', request, reply);
  }

  @Get(':file')
  @Public()
  @ApiOperation({
    summary:
      'A file of the public site: its settings, portal.json; what the operator calls divisions, division-names.json',
  })
  file(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send(pathOf(request), request, reply);
  }

  @Get('assets/*')
  @Public()
  @ApiOperation({ summary: 'A file of the public site whose name changes with its content' })
  @ApiParam({ name: 'path' })
  asset(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send(pathOf(request), request, reply);
  }

  /** Untrusted: the path. It is looked up among the files that were read at the start, and never reaches the disk. */
  private send(path: string, request: FastifyRequest, reply: FastifyReply): void {
    const file = this.site.files.get(path);
    if (file === undefined) throw new Problem('not_found');
    void reply
      .header('cache-control', file.cacheControl)
      .header('content-security-policy', this.site.contentSecurityPolicy)
      .header('cross-origin-opener-policy', 'same-origin')
      .header('etag', file.etag)
      .header('permissions-policy', 'camera=(), geolocation=(), microphone=()')
      .header('referrer-policy', 'no-referrer')
      .header('vary', 'accept-encoding')
      .header('x-content-type-options', 'nosniff')
      .type(file.type);
    if (isHeld(request.headers['if-none-match'], file)) return void reply.status(304).send();
    const coding = codingFor(request.headers['accept-encoding'], file);
    if (coding === undefined) return void reply.send(file.bytes);
    void reply.header('content-encoding', coding).send(file.encoded[coding]);
  }
}

function pathOf({ url }: FastifyRequest): string {
  return url.replace(/[?#].*$/, '').slice(1);
}

function isHeld(ifNoneMatch: string | undefined, { etag }: SiteFile): boolean {
  return ifNoneMatch?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) === true;
}

function codingFor(accepted: string | string[] | undefined, { encoded }: SiteFile): 'br' | 'gzip' | undefined {
  const codings = String(accepted ?? '')
    .split(',')
    .map((coding) => coding.trim().split(';'));
  const takes = (name: string): boolean =>
    codings.some(([coding, q]) => coding === name && !/^\s*q=0(\.0*)?$/.test(q ?? ''));
  return (['br', 'gzip'] as const).find((coding) => encoded[coding] !== undefined && takes(coding));
}

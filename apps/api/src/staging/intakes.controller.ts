import type { Readable } from 'node:stream';
import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiProduces,
  ApiProperty,
  ApiResponse,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type { IntakeOwner } from '@aidtrail/privacy';
import { Problem, ReadSession, SYSTEM, type Reader, type System } from '@aidtrail/nest';
import { streamOf } from '../http/bodies.js';
import { fundInQuery, intakeInPath } from '../http/campaign-limits.js';
import { NDJSON_TYPE } from '../http/content-types.js';
import { queryAs, uuidParameter, WholeNumber } from '../http/parameters.js';
import { CurrentReader } from '../http/reader-of-request.js';
import { intakeRows } from './intake-rows.js';
import { stagingProblem } from './staging-problems.js';

/** An intake has at most a million rows. */
const MAX_NUMBER = 1_000_000;

export class IntakeQuery {
  /** The id that the RecordIntake command will have. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly intake!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly fund!: string;

  /** Within a channel a payment reference comes once. */
  @ApiProperty({ pattern: '^[a-z0-9][a-z0-9_-]{0,63}$' })
  @Matches(/^[a-z0-9][a-z0-9_-]{0,63}$/)
  readonly channel!: string;

  /** Base64 of the SHA-256 of the file that the rows come from; the same file is taken once. */
  @ApiProperty({ required: false })
  @IsOptional()
  @Matches(/^[A-Za-z0-9+/]{43}=$/)
  readonly fileDigest?: string;
}

export class TraceCodesQuery {
  /** 0-based number of the first gift. */
  @ApiProperty({ required: false, default: 0, minimum: 0 })
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(MAX_NUMBER)
  readonly from: number = 0;

  @ApiProperty({ required: false, default: 1000, minimum: 1, maximum: 1000 })
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly limit: number = 1_000;
}

/** Gifts on their way into the ledger: staged here with all that is private, then recorded by a signed RecordIntake. */
@ApiTags('staging')
@ApiSecurity('session')
@Controller('intakes')
export class IntakesController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'donors' | 'ledger'>) {}

  @Post()
  @ReadSession({ roles: ['channel'], limit: fundInQuery })
  @HttpCode(200)
  @ApiOperation({ summary: 'Stage an intake, one gift a line; whole or not at all' })
  @ApiConsumes(NDJSON_TYPE)
  @ApiBody({ schema: { type: 'string' } })
  @ApiResponse({ status: 200, description: '{intake, count, totalMinor, rowsRoot}' })
  @ApiResponse({
    status: 429,
    description:
      'This key stages another intake at the moment, or too many keys do; Retry-After says when to send it again',
  })
  async stage(
    @Query(queryAs(IntakeQuery)) query: IntakeQuery,
    @Body(streamOf(NDJSON_TYPE)) upload: Readable,
    @CurrentReader() reader: Reader,
  ): Promise<object> {
    const result = await this.system.donors.stageIntake({
      intakeId: query.intake,
      fundId: query.fund,
      channel: query.channel,
      stagedBy: reader.keyId,
      rows: intakeRows(upload),
      ...(query.fileDigest === undefined ? {} : { fileDigest: query.fileDigest }),
    });
    if (result.status === 'too_many_stagings') {
      throw new Problem('too_many_requests', { retryAfterSeconds: result.retryAfterSeconds });
    }
    if (result.status === 'refused') {
      const { status: _, code, ...extensions } = result;
      throw new Problem(stagingProblem(code), { extensions });
    }
    const { intakeId, count, totalMinor, rowsRoot } = result;
    return { intake: intakeId, count, totalMinor, rowsRoot };
  }

  @Get(':id/trace-codes')
  @ReadSession({ roles: ['channel', 'finance'], limit: intakeInPath })
  @ApiOperation({
    summary:
      'A page of the donors’ trace codes, {number, traceCode} or {number, erased} a line, as many as asked for or to the ' +
      'end; for finance, and for a channel what its own organisation staged',
  })
  @ApiProduces(NDJSON_TYPE)
  @Header('cache-control', 'no-store')
  async traceCodes(
    @Param('id', uuidParameter) intake: string,
    @Query(queryAs(TraceCodesQuery)) { from, limit }: TraceCodesQuery,
    @CurrentReader() reader: Reader,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = await this.system.donors.intakeOwner(intake);
    if (owner === undefined) throw new Problem('not_found');
    if (reader.role === 'channel' && !(await this.isOf(owner, reader))) throw new Problem('reader_out_of_scope');
    const page = await this.system.donors.traceCodes(intake, from, limit);
    const lines = page.map(({ number, traceCode }) =>
      JSON.stringify(traceCode === undefined ? { number, erased: true } : { number, traceCode }),
    );
    void reply.type(NDJSON_TYPE).send(lines.map((line) => `${line}\n`).join(''));
  }

  /** A channel that got another key keeps what it staged with the old one, if both keys name its organisation. */
  private async isOf({ stagedBy }: IntakeOwner, { keyId, organisation }: Reader): Promise<boolean> {
    if (stagedBy === undefined) return false;
    if (stagedBy === keyId) return true;
    const staging = (await this.system.ledger.stateOf(`key-${stagedBy}`)).state as { readonly organisation?: string };
    return organisation !== undefined && staging.organisation === organisation;
  }
}

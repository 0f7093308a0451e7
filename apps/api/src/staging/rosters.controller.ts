import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import type { RosterImportResult } from '@aidtrail/privacy';
import { Problem, ReadSession, SYSTEM, type Reader, type System } from '@aidtrail/nest';
import { bytesOf } from '../http/bodies.js';
import { campaignInQuery } from '../http/campaign-limits.js';
import { REQUEST_MILLISECONDS } from '../http/connection-limits.js';
import { Flag, jsonAs, queryAs, uuidParameter, WholeNumber } from '../http/parameters.js';
import { CurrentReader, requireCampaign } from '../http/reader-of-request.js';
import { programmeOf } from './programme-of.js';
import { stagingProblem } from './staging-problems.js';

export class RosterQuery {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly programme!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly campaign!: string;

  /** Only looks: nothing is stored. */
  @ApiProperty({ required: false, default: false })
  @Flag()
  @IsBoolean()
  readonly dryRun: boolean = false;

  /** Physical lines to leave out, such as 3,17. */
  @ApiProperty({ required: false })
  @IsOptional()
  @Matches(/^[1-9]\d{0,6}(,[1-9]\d{0,6}){0,9999}$/)
  readonly exclude?: string;

  /** In minor units; with it a dry run tells the total of a batch. */
  @ApiProperty({ required: false, minimum: 1 })
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly faceMinor?: number;
}

export class BatchToPrepare {
  /** The id that DraftBatch will name. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly batch!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly campaign!: string;

  /** The field partner that hands the vouchers out. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly partner!: string;
}

export type RosterAnswer = Exclude<RosterImportResult, { readonly status: 'refused' }>;

/** One byte more than the parser of rosters takes, so that it is the one to say so. */
const rosterBytes = bytesOf({
  types: ['text/csv', 'application/octet-stream'],
  maxBytes: 10 * 1024 * 1024 + 1,
  milliseconds: REQUEST_MILLISECONDS,
});

/** Rosters and the batches made of them. Personal data goes in here and does not come out. */
@ApiTags('staging')
@ApiSecurity('session')
@Controller('rosters')
export class RostersController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'people' | 'ledger'>) {}

  @Post()
  @ReadSession({ roles: ['registrar'], limit: campaignInQuery })
  @HttpCode(200)
  @ApiOperation({ summary: 'Import a roster (CSV; UTF-8, UTF-16 or GB18030), or look what an import would do' })
  @ApiConsumes('text/csv', 'application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({
    status: 422,
    description: 'Not clean: {code, problems: [{line, column, code, sentenceZh, sentenceEn}]}',
  })
  async importRoster(
    @Query(queryAs(RosterQuery)) query: RosterQuery,
    @Body(rosterBytes) bytes: Uint8Array,
    @CurrentReader() reader: Reader,
  ): Promise<RosterAnswer> {
    const programme = await programmeOf(this.system, query.campaign);
    if (programme !== query.programme) {
      throw new Problem('conflict', { detail: 'The campaign belongs to another programme.' });
    }
    const result = await this.system.people.importRoster({
      bytes,
      programmeId: query.programme,
      campaignId: query.campaign,
      importedBy: reader.officer ?? reader.keyId,
      dryRun: query.dryRun,
      ...(query.exclude === undefined ? {} : { excludeLines: query.exclude.split(',').map(Number) }),
      ...(query.faceMinor === undefined ? {} : { faceValueMinor: query.faceMinor }),
    });
    if (result.status !== 'refused') return result;
    const { status: _, code, ...extensions } = result;
    throw new Problem(stagingProblem(code), { extensions });
  }

  @Post(':id/batches')
  @ReadSession({ roles: ['registrar'], limit: 'campaign-in-body' })
  @HttpCode(200)
  @ApiOperation({ summary: 'Shuffle a roster into the rows of a batch; asking again gives the same' })
  @ApiConsumes('application/json')
  @ApiBody({ type: BatchToPrepare })
  async prepareBatch(
    @Param('id', uuidParameter) rosterId: string,
    @Body(jsonAs(BatchToPrepare)) body: BatchToPrepare,
    @CurrentReader() reader: Reader,
  ): Promise<object> {
    requireCampaign(reader, body.campaign);
    const result = await this.system.people.prepareBatch({
      rosterId,
      batchId: body.batch,
      programmeId: await programmeOf(this.system, body.campaign),
      campaignId: body.campaign,
      partnerId: body.partner,
      kind: 'voucher',
    });
    if (result.status === 'refused') throw new Problem(stagingProblem(result.code));
    const { batchId, count, rosterRoot, communities } = result;
    return { batch: batchId, count, rosterRoot, communities };
  }
}

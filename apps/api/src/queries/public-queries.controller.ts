import { Controller, Get, Header, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import {
  campaignDashboard,
  campaignList,
  donationTrace,
  fundView,
  programmeSummary,
  type CampaignSummary,
  type DonationTrace,
  type FundView,
  type ProgrammeSummary,
} from '@aidtrail/read-models';
import { Problem, Public, SYSTEM, type System } from '@aidtrail/nest';
import { queryAs, uuidParameter } from '../http/parameters.js';
import { publicTrace, type PublicTrace } from './public-trace.js';

export class CampaignsQuery {
  @ApiProperty({ required: false, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  readonly programme?: string;
}

/** Questions that anybody may ask. The answers hold totals and public terms, nothing of a person or a merchant. */
@ApiTags('queries')
@Controller()
export class PublicQueriesController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'reads' | 'donors' | 'file'>) {}

  @Get('summary')
  @Public()
  @ApiOperation({ summary: 'All programmes with their campaigns and totals' })
  summary(): Promise<readonly ProgrammeSummary[]> {
    return programmeSummary(this.system.reads);
  }

  @Get('campaigns')
  @Public()
  @ApiOperation({ summary: 'All campaigns with their totals' })
  campaigns(@Query(queryAs(CampaignsQuery)) { programme }: CampaignsQuery): Promise<readonly CampaignSummary[]> {
    return campaignList(this.system.reads, programme === undefined ? {} : { programme });
  }

  @Get('campaigns/:id')
  @Public()
  @ApiOperation({ summary: 'One campaign: terms and totals' })
  async campaign(@Param('id', uuidParameter) id: string): Promise<CampaignSummary> {
    // Days are left out: on a quiet day a figure could be one household's. Sessions see them at /campaigns/:id/days.
    const { byDay: _, ...summary } = found(await campaignDashboard(this.system.reads, id));
    return summary;
  }

  @Get('funds/:id')
  @Public()
  @ApiOperation({ summary: 'One fund: where each fen of its line is' })
  async fund(@Param('id', uuidParameter) id: string): Promise<FundView> {
    return found(await fundView(this.system.reads, id));
  }

  /**
   * The code in the path is a bearer secret: whoever has it may see this one gift. It is looked up by its hash and
   * compared in constant time; logs hold the route's template and never the path.
   */
  @Get('traces/:traceCode')
  @Public()
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  @ApiOperation({ summary: 'Where each fen of a gift is now, for whoever has its trace code' })
  async trace(@Param('traceCode') traceCode: string): Promise<PublicTrace> {
    const donation = await this.system.donors.donationByTraceCode(traceCode);
    if (donation.status !== 'found') throw new Problem('not_found');
    return publicTrace(await traceOf(this.system, donation), this.system.file.k);
  }
}

/** Throws `Problem`: 404 while the gift is not in the ledger yet, 410 once its amount was erased. */
async function traceOf(
  { reads }: Pick<System, 'reads'>,
  key: { readonly intakeId: string; readonly number: number },
): Promise<DonationTrace> {
  const trace = found(await donationTrace(reads, { intake: key.intakeId, number: key.number }));
  if (trace.status === 'erased') throw new Problem('gone');
  return trace;
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Problem('not_found');
  return value;
}

import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import {
  campaignDashboard,
  campaignList,
  fundView,
  programmeSummary,
  type CampaignSummary,
  type FundView,
  type ProgrammeSummary,
} from '@aidtrail/read-models';
import { Problem, Public, SYSTEM, type System } from '@aidtrail/nest';
import { queryAs, uuidParameter } from '../http/parameters.js';

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
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'reads'>) {}

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
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Problem('not_found');
  return value;
}

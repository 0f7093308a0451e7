import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { campaignTerms, type CampaignTerms } from '@aidtrail/read-models';
import { Problem, Public, SYSTEM, type System } from '@aidtrail/nest';
import { queryAs, uuidParameter } from '../http/parameters.js';

export class CampaignsQuery {
  @ApiProperty({ required: false, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  readonly programme?: string;
}

/**
 * Questions that anybody may ask. The answers hold public terms, and no figure that moves with each voucher: those are
 * published by rule, once a slot, under `/public/figures`.
 */
@ApiTags('queries')
@Controller()
export class PublicQueriesController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'reads'>) {}

  @Get('campaigns')
  @Public()
  @ApiOperation({ summary: 'The terms of all campaigns' })
  campaigns(@Query(queryAs(CampaignsQuery)) { programme }: CampaignsQuery): Promise<readonly CampaignTerms[]> {
    return campaignTerms(this.system.reads, programme === undefined ? {} : { programme });
  }

  @Get('campaigns/:id')
  @Public()
  @ApiOperation({ summary: 'The terms of one campaign' })
  async campaign(@Param('id', uuidParameter) id: string): Promise<CampaignTerms> {
    return found((await campaignTerms(this.system.reads, { campaign: id }))[0]);
  }
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Problem('not_found');
  return value;
}

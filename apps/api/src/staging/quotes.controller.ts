import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { judgeBasket, type CampaignState, type ProgrammeState } from '@aidtrail/domain';
import { Problem, ReadSession, SYSTEM, type Reader, type System } from '@aidtrail/nest';
import { jsonAs } from '../http/parameters.js';
import { CurrentReader, requireCampaign } from '../http/reader-of-request.js';

export class BasketLine {
  @ApiProperty({ pattern: '^[a-z0-9][a-z0-9_-]{0,63}$' })
  @Matches(/^[a-z0-9][a-z0-9_-]{0,63}$/)
  readonly category!: string;

  @ApiProperty({ required: false, maxLength: 128 })
  @IsOptional()
  @IsString()
  @MaxLength(128)
  readonly item?: string;

  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(10_000_000)
  readonly quantity!: number;

  /** What the line costs, in minor units. */
  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly amountMinor!: number;
}

export class QuoteRequest {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly campaign!: string;

  @ApiProperty({ type: [BasketLine] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => BasketLine)
  readonly basket!: BasketLine[];
}

export interface Quote {
  readonly policyVersion: number;
  readonly lines: readonly { readonly line: number; readonly verdict: 'allowed' | 'denied'; readonly rule: string }[];
  readonly totalMinor: number;
  readonly allowedMinor: number;
  /** What one redemption may take of it: allowed goods, up to the campaign's limit. The balance is the holder's matter. */
  readonly payableMinor: number;
}

/** Tells a till, before it asks for consent, what a voucher would pay for: by the same function that decides. */
@ApiTags('staging')
@ApiSecurity('session')
@Controller('redemptions')
export class QuotesController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'ledger'>) {}

  @Post('quote')
  @ReadSession({ roles: ['till'], limit: 'campaign-in-body' })
  @HttpCode(200)
  @ApiOperation({ summary: 'A verdict for each line of a basket, and the amount that can be paid' })
  @ApiConsumes('application/json')
  @ApiBody({ type: QuoteRequest })
  async quote(@Body(jsonAs(QuoteRequest)) request: QuoteRequest, @CurrentReader() reader: Reader): Promise<Quote> {
    requireCampaign(reader, request.campaign);
    const campaign = (await this.system.ledger.stateOf(`campaign-${request.campaign}`)).state as CampaignState;
    if (campaign.status === 'none') throw new Problem('not_found', { detail: 'There is no such campaign.' });
    const programme = (await this.system.ledger.stateOf(`programme-${campaign.programme}`)).state as ProgrammeState;
    const policy = programme.status === 'none' ? undefined : programme.policy;
    if (policy === undefined) throw new Problem('conflict', { detail: 'The programme has no goods policy yet.' });
    const { verdicts, totalMinor, allowedMinor } = judgeBasket(policy, request.basket);
    const limitMinor = campaign.terms.largestRedemptionMinor ?? Number.MAX_SAFE_INTEGER;
    return {
      policyVersion: policy.policyVersion,
      lines: verdicts,
      totalMinor,
      allowedMinor,
      payableMinor: Math.min(allowedMinor, limitMinor),
    };
  }
}

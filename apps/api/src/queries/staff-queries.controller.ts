import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import {
  batchView,
  campaignDashboard,
  donationTrace,
  fundView,
  merchantPayables,
  merchantView,
  programmeSummary,
  settlementsOf,
  settlementView,
  trialBalance,
  voucherView,
  type BatchView,
  type CampaignDashboard,
  type DonationTrace,
  type FundView,
  type MerchantPayable,
  type MerchantView,
  type ProgrammeSummary,
  type SettlementSummary,
  type SettlementView,
  type TrialBalance,
  type VoucherView,
} from '@aidtrail/read-models';
import { Problem, ReadSession, SYSTEM, type Reader, type System } from '@aidtrail/nest';
import { uuidParameter } from '../http/parameters.js';
import { batchInPath, campaignInPath, donationInPath, fundInPath, voucherInPath } from '../http/campaign-limits.js';
import { CurrentReader } from '../http/reader-of-request.js';
import { found } from './public-queries.controller.js';

/** Questions of staff and tills: they show merchants, single vouchers, or totals to the last voucher, and so need a session. */
@ApiTags('queries')
@ApiSecurity('session')
@Controller()
export class StaffQueriesController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'reads'>) {}

  @Get('vouchers/:id')
  @ReadSession({ roles: ['worker', 'registrar', 'finance', 'programme'], limit: voucherInPath })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'One voucher: balance and redemptions' })
  async voucher(@Param('id', uuidParameter) id: string): Promise<VoucherView> {
    return found(await voucherView(this.system.reads, id));
  }

  @Get('batches/:id')
  @ReadSession({ roles: ['worker', 'registrar', 'finance', 'programme'], limit: batchInPath })
  @ApiOperation({ summary: 'One batch: terms, approvals, how far its issuance is, where its money is' })
  async batch(@Param('id', uuidParameter) id: string): Promise<BatchView> {
    return found(await batchView(this.system.reads, id));
  }

  @Get('merchants/:id')
  @ReadSession({ roles: ['till', 'finance', 'programme'], limit: 'whole-ledger' })
  @ApiOperation({ summary: 'One merchant: stores and redemptions by day; a till sees its own merchant only' })
  async merchant(@Param('id', uuidParameter) id: string, @CurrentReader() reader: Reader): Promise<MerchantView> {
    if (reader.role === 'till' && reader.organisation !== id) throw new Problem('reader_out_of_scope');
    return found(await merchantView(this.system.reads, id));
  }

  @Get('merchants/:id/settlements')
  @ReadSession({ roles: ['finance'], limit: 'whole-ledger' })
  @ApiOperation({ summary: 'All settlements of one merchant, the newest window first' })
  settlementsOfMerchant(@Param('id', uuidParameter) id: string): Promise<readonly SettlementSummary[]> {
    return settlementsOf(this.system.reads, id);
  }

  @Get('payables')
  @ReadSession({ roles: ['finance'], limit: 'whole-ledger' })
  @ApiOperation({ summary: 'What each merchant is owed, by state of its settlements' })
  payables(): Promise<readonly MerchantPayable[]> {
    return merchantPayables(this.system.reads);
  }

  @Get('settlements/:id')
  @ReadSession({ roles: ['finance'], limit: 'whole-ledger' })
  @ApiOperation({ summary: 'One settlement with the redemptions and reversals that it covers' })
  async settlement(@Param('id', uuidParameter) id: string): Promise<SettlementView> {
    return found(await settlementView(this.system.reads, id));
  }

  @Get('trial-balance')
  @ReadSession({ roles: ['finance'], limit: 'whole-ledger' })
  @ApiOperation({ summary: 'Balances of all accounts; they sum to zero' })
  trialBalance(): Promise<TrialBalance> {
    return trialBalance(this.system.reads);
  }

  @Get('summary')
  @ReadSession({ roles: ['finance', 'programme'], limit: 'whole-ledger' })
  @ApiOperation({ summary: 'All programmes with their campaigns and totals, as of now' })
  summary(): Promise<readonly ProgrammeSummary[]> {
    return programmeSummary(this.system.reads);
  }

  @Get('funds/:id')
  @ReadSession({ roles: ['finance', 'programme'], limit: fundInPath })
  @ApiOperation({ summary: 'One fund: where each fen of its line is, as of now' })
  async fund(@Param('id', uuidParameter) id: string): Promise<FundView> {
    return found(await fundView(this.system.reads, id));
  }

  @Get('campaigns/:id/days')
  @ReadSession({ roles: ['finance', 'programme'], limit: campaignInPath })
  @ApiOperation({ summary: 'One campaign: totals as of now, and day by day' })
  async campaignDays(@Param('id', uuidParameter) id: string): Promise<CampaignDashboard> {
    return found(await campaignDashboard(this.system.reads, id));
  }

  @Get('donations/:id/trace')
  @ReadSession({ roles: ['finance'], limit: donationInPath })
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Where each fen of a gift is now' })
  async donationTrace(@Param('id', uuidParameter) donation: string): Promise<DonationTrace> {
    const trace = found(await donationTrace(this.system.reads, { donation }));
    if (trace.status === 'erased') throw new Problem('gone');
    return trace;
  }
}

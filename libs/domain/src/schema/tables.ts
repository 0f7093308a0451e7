import { batchCommands, type BatchCommand } from '../batch/batch.commands.js';
import { batchEvents, type BatchEvent } from '../batch/batch.events.js';
import { calendarCommands, type CalendarCommand } from '../calendar/calendar.commands.js';
import { calendarEvents, type CalendarEvent } from '../calendar/calendar.events.js';
import { campaignCommands, type CampaignCommand } from '../campaign/campaign.commands.js';
import { campaignEvents, type CampaignEvent } from '../campaign/campaign.events.js';
import { cutoffCommands, type CutoffCommand } from '../cutoff/cutoff.commands.js';
import { cutoffEvents, type CutoffEvent } from '../cutoff/cutoff.events.js';
import { donationCommands, type DonationCommand } from '../donation/donation.commands.js';
import { donationEvents, type DonationEvent } from '../donation/donation.events.js';
import { figuresCommands, type FiguresCommand } from '../figures/figures.commands.js';
import { figuresEvents, type FiguresEvent } from '../figures/figures.events.js';
import { fundCommands, type FundCommand } from '../fund/fund.commands.js';
import { fundEvents, type FundEvent } from '../fund/fund.events.js';
import { keyCommands, type KeyCommand } from '../key/key.commands.js';
import { keyEvents, type KeyEvent } from '../key/key.events.js';
import { ledgerCommands, type LedgerCommand } from '../ledger/ledger.commands.js';
import { ledgerEvents, type LedgerEvent } from '../ledger/ledger.events.js';
import { merchantCommands, type MerchantCommand } from '../merchant/merchant.commands.js';
import { merchantEvents, type MerchantEvent } from '../merchant/merchant.events.js';
import { periodCommands, type PeriodCommand } from '../period/period.commands.js';
import { periodEvents, type PeriodEvent } from '../period/period.events.js';
import { programmeCommands, type ProgrammeCommand } from '../programme/programme.commands.js';
import { programmeEvents, type ProgrammeEvent } from '../programme/programme.events.js';
import { settlementCommands, type SettlementCommand } from '../settlement/settlement.commands.js';
import { settlementEvents, type SettlementEvent } from '../settlement/settlement.events.js';
import { voucherCommands, type VoucherCommand } from '../voucher/voucher.commands.js';
import { voucherEvents, type VoucherEvent } from '../voucher/voucher.events.js';

/** Every event there is: event × field × public | disclosure | never. */
export const eventTable = {
  ...ledgerEvents,
  ...calendarEvents,
  ...keyEvents,
  ...programmeEvents,
  ...fundEvents,
  ...donationEvents,
  ...campaignEvents,
  ...batchEvents,
  ...voucherEvents,
  ...merchantEvents,
  ...cutoffEvents,
  ...settlementEvents,
  ...periodEvents,
  ...figuresEvents,
};

/** Every command there is, and who must sign it. */
export const commandTable = {
  ...ledgerCommands,
  ...calendarCommands,
  ...keyCommands,
  ...programmeCommands,
  ...fundCommands,
  ...donationCommands,
  ...campaignCommands,
  ...batchCommands,
  ...voucherCommands,
  ...merchantCommands,
  ...cutoffCommands,
  ...settlementCommands,
  ...periodCommands,
  ...figuresCommands,
};

export type EventType = keyof typeof eventTable;
export type CommandType = keyof typeof commandTable;

export type AnyEvent =
  | LedgerEvent
  | CalendarEvent
  | KeyEvent
  | ProgrammeEvent
  | FundEvent
  | DonationEvent
  | CampaignEvent
  | BatchEvent
  | VoucherEvent
  | MerchantEvent
  | CutoffEvent
  | SettlementEvent
  | PeriodEvent
  | FiguresEvent;

export type AnyCommand =
  | LedgerCommand
  | CalendarCommand
  | KeyCommand
  | ProgrammeCommand
  | FundCommand
  | DonationCommand
  | CampaignCommand
  | BatchCommand
  | VoucherCommand
  | MerchantCommand
  | CutoffCommand
  | SettlementCommand
  | PeriodCommand
  | FiguresCommand;

import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { MerchantCommand } from './merchant.commands.js';
import type { MerchantEvent } from './merchant.events.js';

const exampleMerchant = exampleUuid(0x118);
export const exampleStore = exampleUuid(0x119);

const application = { name: '惠民超市', region: '440606', bankDigest: exampleBase64(18) };
const disclosed = { wechatMerchantNumber: '1900000109' };
const store = { store: exampleStore, name: '惠民超市北滘店', kind: 'shop' as const, region: '440606' };

type EventData<K extends MerchantEvent['type']> = Partial<OfType<MerchantEvent, K>['data']>;
type CommandData<K extends MerchantCommand['type']> = Partial<OfType<MerchantCommand, K>['data']>;
type Event<K extends MerchantEvent['type']> = OfType<MerchantEvent, K>;
type Command<K extends MerchantCommand['type']> = OfType<MerchantCommand, K>;

/** A valid event of each type; fields may be given. */
export const merchantEventExamples = {
  MerchantApplied: (data: EventData<'MerchantApplied'> = {}): Event<'MerchantApplied'> => ({
    type: 'MerchantApplied',
    data: { ...application, officer: 'registrar-chen', ...data },
    private: disclosed,
  }),
  MerchantAssessed: (data: EventData<'MerchantAssessed'> = {}): Event<'MerchantAssessed'> => ({
    type: 'MerchantAssessed',
    data: { assessor: 'foundation', outcome: 'suitable', officer: 'registrar-chen', ...data },
  }),
  MerchantApproved: (data: EventData<'MerchantApproved'> = {}): Event<'MerchantApproved'> => ({
    type: 'MerchantApproved',
    data: { officer: 'programme-zhao', approval: 1, approvals: 2, holdDays: 1, ...data },
  }),
  StoreOpened: (data: EventData<'StoreOpened'> = {}): Event<'StoreOpened'> => ({
    type: 'StoreOpened',
    data: { ...store, ...data },
  }),
  StoreClosed: (data: EventData<'StoreClosed'> = {}): Event<'StoreClosed'> => ({
    type: 'StoreClosed',
    data: { store: exampleStore, reason: 'moved', ...data },
  }),
  MerchantSuspended: (data: EventData<'MerchantSuspended'> = {}): Event<'MerchantSuspended'> => ({
    type: 'MerchantSuspended',
    data: { officer: 'programme-zhao', reason: 'under-review', ...data },
  }),
  BankDetailsChanged: (data: EventData<'BankDetailsChanged'> = {}): Event<'BankDetailsChanged'> => ({
    type: 'BankDetailsChanged',
    data: { bankDigest: exampleBase64(19), officer: 'finance-li', secondOfficer: 'finance-wang', ...data },
  }),
};

/** A valid command of each type; fields may be given. */
export const merchantCommandExamples = {
  ApplyMerchant: (data: CommandData<'ApplyMerchant'> = {}): Command<'ApplyMerchant'> => ({
    type: 'ApplyMerchant',
    id: exampleUuid(0x311),
    data: { merchant: exampleMerchant, ...application, ...data },
    private: disclosed,
  }),
  AssessMerchant: (data: CommandData<'AssessMerchant'> = {}): Command<'AssessMerchant'> => ({
    type: 'AssessMerchant',
    id: exampleUuid(0x312),
    data: { merchant: exampleMerchant, assessor: 'foundation', outcome: 'suitable', ...data },
  }),
  ApproveMerchant: (data: CommandData<'ApproveMerchant'> = {}): Command<'ApproveMerchant'> => ({
    type: 'ApproveMerchant',
    id: exampleUuid(0x313),
    data: { merchant: exampleMerchant, holdDays: 1, ...data },
  }),
  OpenStore: (data: CommandData<'OpenStore'> = {}): Command<'OpenStore'> => ({
    type: 'OpenStore',
    id: exampleUuid(0x314),
    data: { merchant: exampleMerchant, ...store, ...data },
  }),
  CloseStore: (data: CommandData<'CloseStore'> = {}): Command<'CloseStore'> => ({
    type: 'CloseStore',
    id: exampleUuid(0x315),
    data: { merchant: exampleMerchant, store: exampleStore, reason: 'moved', ...data },
  }),
  SuspendMerchant: (data: CommandData<'SuspendMerchant'> = {}): Command<'SuspendMerchant'> => ({
    type: 'SuspendMerchant',
    id: exampleUuid(0x316),
    data: { merchant: exampleMerchant, reason: 'under-review', ...data },
  }),
  ChangeBankDetails: (data: CommandData<'ChangeBankDetails'> = {}): Command<'ChangeBankDetails'> => ({
    type: 'ChangeBankDetails',
    id: exampleUuid(0x317),
    data: { merchant: exampleMerchant, bankDigest: exampleBase64(19), ...data },
  }),
};

import * as f from '../kernel/fields.js';
import { defineCommands, type CommandsOf } from '../kernel/table.js';
import { assessor } from './merchant.events.js';

export const merchantCommands = defineCommands({
  ApplyMerchant: {
    about: 'Enters a merchant’s application.',
    public: { merchant: f.uuid, name: f.organisationName, region: f.region, bankDigest: f.hash },
    disclosure: { wechatMerchantNumber: f.reference },
    signatures: 'one',
    roles: ['programme', 'registrar'],
  },
  AssessMerchant: {
    about: 'Enters what one assessor found.',
    public: { merchant: f.uuid, assessor, outcome: f.oneOf('suitable', 'unsuitable') },
    signatures: 'one',
    roles: ['programme', 'registrar'],
  },
  ApproveMerchant: {
    about: 'Approves; a second, different officer must approve as well. Also lifts a suspension, again by two.',
    public: { merchant: f.uuid, holdDays: f.holdDays },
    signatures: 'one',
    roles: ['programme', 'finance'],
  },
  OpenStore: {
    about: 'Adds a store.',
    public: {
      merchant: f.uuid,
      store: f.uuid,
      name: f.organisationName,
      kind: f.oneOf('shop', 'mobile', 'online'),
      region: f.region,
    },
    signatures: 'one',
    roles: ['programme', 'registrar'],
  },
  CloseStore: {
    about: 'Closes a store.',
    public: { merchant: f.uuid, store: f.uuid, reason: f.code },
    signatures: 'one',
    roles: ['programme', 'registrar'],
  },
  SuspendMerchant: {
    about: 'Stops all redemptions at the merchant.',
    public: { merchant: f.uuid, reason: f.code },
    signatures: 'one',
    roles: ['programme', 'finance'],
  },
  ChangeBankDetails: {
    about: 'Pays out to another account; two officers sign.',
    public: { merchant: f.uuid, bankDigest: f.hash },
    signatures: 'two',
    roles: ['finance'],
  },
});

export type MerchantCommand = CommandsOf<typeof merchantCommands>;

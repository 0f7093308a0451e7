/**
 * The accounts that postings name. Which numbers, names and languages an organisation's books use is configuration
 * (`Chart`); the codes are not.
 */
export const accountCodes = [
  'bank',
  'wallet_locked',
  'merchant_receivable',
  'merchant_payable',
  'vouchers_outstanding',
  'refunds_payable',
  'restricted_income',
  'administration_income',
  'programme_expense',
  'administration_expense',
] as const;

export type AccountCode = (typeof accountCodes)[number];

export interface Account {
  readonly kind: 'asset' | 'liability' | 'income' | 'expense';
  /** Number in the books. */
  readonly number: string;
  /** Plain-text-accounting name: ASCII parts that begin with a capital, as Beancount wants them. */
  readonly name: string;
  readonly zh: string;
  readonly en: string;
}

export type Chart = Readonly<Record<AccountCode, Account>>;

/** After the accounts of China's accounting system for private non-profit organisations; change it to what your books use. */
export const defaultChart: Chart = {
  bank: { kind: 'asset', number: '1002', name: 'Assets:Bank', zh: '银行存款', en: 'Cash at bank' },
  wallet_locked: {
    kind: 'asset',
    number: '1009',
    name: 'Assets:Wallet:Locked',
    zh: '其他货币资金（预充值）',
    en: 'Money locked for prepaid vouchers',
  },
  merchant_receivable: {
    kind: 'asset',
    number: '1122',
    name: 'Assets:MerchantReceivable',
    zh: '其他应收款（合作商户）',
    en: 'Owed by merchants',
  },
  merchant_payable: {
    kind: 'liability',
    number: '2202',
    name: 'Liabilities:MerchantPayable',
    zh: '应付账款（合作商户）',
    en: 'Owed to merchants',
  },
  vouchers_outstanding: {
    kind: 'liability',
    number: '2209.01',
    name: 'Liabilities:VouchersOutstanding',
    zh: '应付赈济券',
    en: 'Vouchers issued and not redeemed',
  },
  refunds_payable: {
    kind: 'liability',
    number: '2209.02',
    name: 'Liabilities:RefundsPayable',
    zh: '应退捐赠款',
    en: 'Donations to be refunded',
  },
  restricted_income: {
    kind: 'income',
    number: '4101.01',
    name: 'Income:Donations:Restricted',
    zh: '捐赠收入（限定性）',
    en: 'Donations, restricted',
  },
  administration_income: {
    kind: 'income',
    number: '4101.02',
    name: 'Income:Donations:Administration',
    zh: '捐赠收入（管理费）',
    en: 'Donations, management fee',
  },
  programme_expense: {
    kind: 'expense',
    number: '5101',
    name: 'Expenses:Programme:Vouchers',
    zh: '业务活动成本（赈济券）',
    en: 'Programme cost, vouchers',
  },
  administration_expense: {
    kind: 'expense',
    number: '5201',
    name: 'Expenses:Administration',
    zh: '管理费用',
    en: 'Administration',
  },
};

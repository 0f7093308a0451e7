import type { ReactNode } from 'react';
import { Division, DivisionsHow } from '../divisions/division.js';
import { formatCount } from '../language/amounts.js';
import { groupFor, wordFor } from '../language/codes.js';
import { formatDay, formatMonth } from '../language/days.js';
import { useLanguage, useWords } from '../language/language.js';
import type { Campaign } from './campaigns.js';
import { giftWords } from './gift.words.js';
import type { Money } from './names.js';
import { ToldTable, ToldWhy } from './told-table.js';
import type { BatchPart, GiftTrace, Table } from './trace.js';
import { endsOf, type Ways } from './ways.js';

interface Props {
  readonly trace: GiftTrace;
  readonly ways: Ways;
  readonly campaigns: ReadonlyMap<string, Campaign>;
  readonly money: Money;
}

/** The way of the gift in words, from what came in to what was paid out. */
export function GiftSteps({ trace, ways, campaigns, money }: Props) {
  const { steps, told } = useWords(giftWords);
  const { language } = useLanguage();
  const ends = endsOf(ways.root);
  const amountOf = (...kinds: readonly string[]) =>
    ends.reduce((sum, { amountMinor, kind }) => (kinds.includes(kind) ? sum + amountMinor : sum), 0);
  const [paid, unpaid] = [amountOf('paid'), amountOf('unpaid')];
  const [fee, feeSpent] = [money(trace.feeMinor), amountOf('feeSpent')];
  const feeTaken = feeSpent === 0 ? steps.fee.unspent(fee) : steps.fee.text(fee, money(feeSpent));
  const feeText = trace.feeMinor === 0 ? steps.fee.none : feeTaken;
  const funds = ways.root.parts.filter(({ kind }) => kind === 'fund');
  const throughFunds = funds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  return (
    <>
      <ol className="steps">
        <Stage title={steps.received.title}>
          <p>{steps.received.text(money(trace.grossMinor), formatDay(trace.day, language))}</p>
        </Stage>
        <Stage title={steps.fee.title}>
          <p>{feeText}</p>
        </Stage>
        {funds.length > 0 && (
          <Stage title={steps.fund.title}>
            <p>{steps.fund.text(money(throughFunds))}</p>
            <ul className="plain amounts">
              {funds.map(({ amountMinor, key, name }) => (
                <li key={key}>
                  <span>{name}</span> <span className="figure">{money(amountMinor)}</span>
                </li>
              ))}
            </ul>
          </Stage>
        )}
        {trace.batches.length > 0 && (
          <Stage title={steps.campaign.title}>
            <ul className="plain cards">
              {trace.batches.map((batch) => (
                <CampaignCard
                  key={batch.batch}
                  batch={batch}
                  campaign={campaigns.get(batch.campaign)}
                  k={trace.k}
                  money={money}
                />
              ))}
            </ul>
            {campaigns.size > 0 && (
              <p className="help">
                <DivisionsHow />
              </p>
            )}
            <ToldTable
              title={told.groups}
              cells={trace.groups.cells.map(({ name, vouchers }) => ({
                name: groupFor(name, language),
                size: vouchers,
              }))}
              rest={trace.groups.restVouchers}
              restName={told.restGroups}
              textOf={(vouchers) => told.vouchers(formatCount(vouchers))}
            />
          </Stage>
        )}
        <Redeemed trace={trace} money={money} redeemed={paid + unpaid} />
        <Paid trace={trace} money={money} paid={paid} unpaid={unpaid} />
      </ol>
      <ToldWhy trace={trace} />
    </>
  );
}

function Stage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <li>
      <h3>{title}</h3>
      {children}
    </li>
  );
}

function CampaignCard({
  batch,
  campaign,
  k,
  money,
}: {
  readonly batch: BatchPart;
  readonly campaign: Campaign | undefined;
  readonly k: number;
  readonly money: Money;
}) {
  const { campaign: words, ways } = useWords(giftWords);
  const { language } = useLanguage();
  const { vouchersTouched } = batch;
  const isFew = batch.coarsened || vouchersTouched === undefined || vouchersTouched < k;
  const rows = [
    [ways.redeemed, batch.redeemedMinor],
    [ways.unspent, batch.claimedUnspentMinor],
    [ways.unclaimed, batch.unclaimedMinor],
    [ways.unissued, batch.unissuedMinor],
    [ways.returning, batch.returningMinor],
    [ways.recoverable, batch.recoverableMinor],
  ] as const;
  return (
    <li className="card">
      <h4>{campaign?.name ?? words.unnamed}</h4>
      {campaign !== undefined && (
        <p className="tags">
          {wordFor(campaign.phase, language)} · {wordFor(campaign.hazard, language)} ·{' '}
          <Division code={campaign.region} />
        </p>
      )}
      <p className="tags">{isFew ? words.few(k) : words.households(formatCount(vouchersTouched))}</p>
      <ul className="plain amounts">
        {rows
          .filter(([, amountMinor]) => amountMinor > 0)
          .map(([name, amountMinor]) => (
            <li key={name}>
              <span>{name}</span> <span className="figure">{money(amountMinor)}</span>
            </li>
          ))}
      </ul>
      {batch.returnedMinor > 0 && <p className="help">{words.cameBack(money(batch.returnedMinor))}</p>}
    </li>
  );
}

function Redeemed({ trace, money, redeemed }: Pick<Props, 'trace' | 'money'> & { readonly redeemed: number }) {
  const { steps, told } = useWords(giftWords);
  const { language } = useLanguage();
  return (
    <Stage title={steps.redeemed.title}>
      <p>{redeemed === 0 ? steps.redeemed.none : steps.redeemed.text(money(redeemed))}</p>
      {redeemed > 0 && (
        <>
          <ToldTable
            title={told.goods}
            cells={cellsOf(trace.goods, (name) => wordFor(name, language))}
            rest={trace.goods.restMinor}
            textOf={money}
          />
          <ToldTable
            title={told.weeks}
            cells={inOrder(trace.weeks, (name) =>
              trace.weeks.level === 'week' ? told.week(formatDay(name, language)) : formatMonth(name, language),
            )}
            rest={trace.weeks.restMinor}
            textOf={money}
          />
          <ToldTable
            title={told.merchants}
            cells={cellsOf(trace.merchants, (name) => name)}
            rest={trace.merchants.restMinor}
            textOf={money}
          />
        </>
      )}
    </Stage>
  );
}

function Paid({
  trace,
  money,
  paid,
  unpaid,
}: Pick<Props, 'trace' | 'money'> & { readonly paid: number; readonly unpaid: number }) {
  const { steps, told } = useWords(giftWords);
  const { language } = useLanguage();
  return (
    <Stage title={steps.paid.title}>
      {paid + unpaid === 0 && <p>{steps.paid.none}</p>}
      {paid > 0 && <p>{steps.paid.text(money(paid))}</p>}
      {paid > 0 && (
        <ToldTable
          title={told.bankDays}
          cells={inOrder(trace.bankDays, (name) =>
            trace.bankDays.level === 'day' ? formatDay(name, language) : formatMonth(name, language),
          )}
          rest={trace.bankDays.restMinor}
          textOf={money}
        />
      )}
      {unpaid > 0 && <p>{steps.paid.waiting(money(unpaid))}</p>}
    </Stage>
  );
}

type NameFor = (name: string) => string;

function cellsOf({ cells }: Pick<Table, 'cells'>, nameFor: NameFor) {
  return cells.map(({ amountMinor, name }) => ({ name: nameFor(name), size: amountMinor }));
}

/** By their names, which are days, instead of by amount. */
function inOrder({ cells }: Table, nameFor: NameFor) {
  return cellsOf({ cells: [...cells].sort((a, b) => (a.name < b.name ? -1 : 1)) }, nameFor);
}

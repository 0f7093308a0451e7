import { Narrator } from './narrator.js';
import { columns, padEnd, treeLines, widthOf, yuan } from './print.js';

describe('text for a terminal', () => {
  it('writes fen as yuan without losing any', () => {
    expect([0, 5, 99, 100, 123_456, 35_000_000, -7].map(yuan)).toEqual([
      '0.00',
      '0.05',
      '0.99',
      '1.00',
      '1,234.56',
      '350,000.00',
      '-0.07',
    ]);
  });

  it('counts two columns for a Chinese character and its punctuation', () => {
    expect(widthOf('核销 ok，')).toBe(9);
    expect(padEnd('核销', 6)).toBe('核销  ');
    expect(
      columns(
        [
          ['a', '1'],
          ['核销', '1,000'],
        ],
        [1],
      ),
    ).toEqual(['a         1', '核销  1,000']);
  });

  it('prints a tree with its amounts, without the branches that hold nothing', () => {
    const tree = {
      label: 'gift',
      amountMinor: 100,
      children: [
        { label: 'fee', amountMinor: 3 },
        { label: 'empty', amountMinor: 0 },
        { label: 'fund', amountMinor: 97, children: [{ label: 'redeemed', amountMinor: 97 }] },
      ],
    };
    expect(treeLines(tree)).toEqual([
      'gift          1.00',
      '├ fee         0.03',
      '└ fund        0.97',
      '  └ redeemed  0.97',
    ]);
  });

  it('refuses to print a tree that does not add up', () => {
    expect(() => treeLines({ label: 'gift', amountMinor: 100, children: [{ label: 'a', amountMinor: 99 }] })).toThrow(
      'its parts are 99',
    );
  });
});

describe('narrator', () => {
  it('writes whole lines where the screen is no terminal', async () => {
    const written: string[] = [];
    const narrator = new Narrator({ write: (text) => written.push(text) });
    await narrator.step('Gifts', async (progress) => {
      progress(1, 2);
      return '2 gifts';
    });
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^ ✔ {2}1 Gifts +2 gifts\n$/);
  });

  it('shows a bar on a terminal and takes it away again', async () => {
    const written: string[] = [];
    const narrator = new Narrator({ isTTY: true, write: (text) => written.push(text) });
    await narrator.step('Gifts', async (progress) => {
      progress(1, 2);
      return 'done';
    });
    expect(written.some((text) => text.includes('████') && text.endsWith('1/2'))).toBe(true);
    expect(written.at(-2)).toBe('\r\u001b[K');
  });
});

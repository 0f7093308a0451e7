import { describe, expect, it } from '@jest/globals';
import { sankeyOf, simplified } from './sankey.js';
import { waysOf } from './ways.js';
import { traceOfOneGift } from './ways.examples.js';

describe.each([
  ['the picture', (root: ReturnType<typeof waysOf>['root']) => root],
  ['the picture on a phone', simplified],
])('%s of a gift', (_name, shape) => {
  const { nodes, links } = sankeyOf(shape(waysOf(traceOfOneGift).root));
  const flow = (end: 'source' | 'target', name: string): number =>
    links.filter((link) => link[end] === name).reduce((sum, { value }) => sum + value, 0);

  it('shows the gift, and no fen more or less at any place', () => {
    expect(nodes.find(({ name }) => name === 'gift')?.amountMinor).toBe(traceOfOneGift.grossMinor);
    for (const { name, amountMinor } of nodes) {
      if (name !== 'gift') expect([name, flow('target', name)]).toEqual([name, amountMinor]);
      const out = flow('source', name);
      if (out > 0) expect([name, out]).toEqual([name, amountMinor]);
    }
  });

  it('leads nowhere in a circle, which could not be drawn', () => {
    const depths = new Map(nodes.map(({ name, depth }) => [name, depth]));
    for (const { source, target } of links) expect(depths.get(target)).toBeGreaterThan(depths.get(source) as number);
  });
});

import type { Way } from './ways.js';

export interface Node {
  readonly name: string;
  readonly way: Way;
  readonly amountMinor: number;
  readonly depth: number;
}

export interface Link {
  readonly source: string;
  readonly target: string;
  readonly value: number;
}

/** Ends that are the same thing, whatever campaign they come from, are one node: paid is paid. */
const MERGED: ReadonlySet<Way['kind']> = new Set([
  'redeemed',
  'paid',
  'unpaid',
  'unspent',
  'unclaimed',
  'returning',
  'recoverable',
  'refunded',
]);

/** For a narrow picture: no fund but for what still lies in it, and nothing beyond what was redeemed or was not. */
export function simplified(root: Way): Way {
  const parts = root.parts.flatMap((way) => {
    if (way.kind === 'fee') return [{ ...way, parts: [] }];
    const free = way.parts.filter(({ kind }) => kind !== 'campaign');
    const amountMinor = free.reduce((sum, part) => sum + part.amountMinor, 0);
    const rest = amountMinor === 0 ? [] : [{ ...way, amountMinor, parts: [] }];
    return [...way.parts.filter(({ kind }) => kind === 'campaign').map(withoutSettling), ...rest];
  });
  return { ...root, parts };
}

function withoutSettling(campaign: Way): Way {
  return { ...campaign, parts: campaign.parts.map((part) => ({ ...part, parts: [] })) };
}

/** The tree of ways as nodes and links between them; what flows into a node is what flows out, or ends there. */
export function sankeyOf(root: Way): { readonly nodes: readonly Node[]; readonly links: readonly Link[] } {
  const nodes = new Map<string, Node>();
  const links = new Map<string, Link>();
  const visit = (way: Way, depth: number): string => {
    const name = MERGED.has(way.kind) ? way.kind : way.key;
    const before = nodes.get(name);
    const amountMinor = (before?.amountMinor ?? 0) + way.amountMinor;
    nodes.set(name, { name, way, amountMinor, depth: Math.max(depth, before?.depth ?? 0) });
    for (const part of way.parts) {
      const target = visit(part, depth + 1);
      const key = `${name}>${target}`;
      links.set(key, { source: name, target, value: (links.get(key)?.value ?? 0) + part.amountMinor });
    }
    return name;
  };
  visit(root, 0);
  return { nodes: [...nodes.values()], links: [...links.values()] };
}

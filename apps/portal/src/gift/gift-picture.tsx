import { SankeyChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Money, NameOf } from './names.js';
import { sankeyOf, simplified } from './sankey.js';
import type { Way } from './ways.js';

use([SankeyChart, SVGRenderer, TooltipComponent]);

interface Props {
  readonly root: Way;
  readonly nameOf: NameOf;
  readonly money: Money;
  /** The picture in one sentence, for whoever does not see it; the table has all of it. */
  readonly label: string;
}

const NARROW = 620;

export default function GiftPicture({ root, nameOf, money, label }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = init(element, undefined, { renderer: 'svg' });
    const draw = (): void => {
      chart.resize();
      chart.setOption(optionOf({ root, nameOf, money, isNarrow: element.clientWidth < NARROW }), { notMerge: true });
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [root, nameOf, money]);
  const size = sankeyOf(root).nodes.length > 12 ? 'sankey sankey-tall' : 'sankey';
  return <div ref={place} className={size} role="img" aria-label={label} />;
}

function optionOf({ root, nameOf, money, isNarrow }: Omit<Props, 'label'> & { readonly isNarrow: boolean }) {
  const { nodes, links } = sankeyOf(isNarrow ? simplified(root) : root);
  const named = new Map(nodes.map((node) => [node.name, nameOf(node.way)]));
  const text = (name: string): string => named.get(name) ?? '';
  return {
    animation: false,
    // In text: markup would need styles of its own, which the pages do not allow.
    tooltip: {
      renderMode: 'richText' as const,
      formatter: ({
        data,
        name,
        value,
      }: {
        data: { source?: string; target?: string };
        name: string;
        value: number;
      }) =>
        data.source === undefined
          ? `${text(name)}  ${money(value)}`
          : `${text(data.source)} → ${text(data.target ?? '')}  ${money(value)}`,
    },
    series: [
      {
        type: 'sankey' as const,
        left: 4,
        right: isNarrow ? 104 : 156,
        top: 16,
        bottom: 24,
        nodeWidth: 10,
        nodeGap: 40,
        draggable: false,
        emphasis: { focus: 'trajectory' as const },
        lineStyle: { color: '#0d5c58', opacity: 0.16, curveness: 0.5 },
        labelLayout: { hideOverlap: true },
        label: {
          color: '#1c2726',
          fontSize: isNarrow ? 12 : 13,
          lineHeight: isNarrow ? 16 : 18,
          overflow: 'break' as const,
          width: isNarrow ? 98 : 146,
          formatter: ({ name, value }: { name: string; value: number }) => `${text(name)}\n${money(value)}`,
        },
        data: nodes.map(({ name, way, depth }) => ({
          name,
          depth,
          itemStyle: { color: colorOf(way), borderWidth: 0 },
        })),
        links: [...links],
      },
    ],
  };
}

function colorOf({ kind }: Way): string {
  if (kind === 'paid' || kind === 'redeemed' || kind === 'unpaid') return '#0d5c58';
  if (kind === 'gift' || kind === 'fund' || kind === 'campaign') return '#4f8f8a';
  return kind.startsWith('fee') ? '#a79a83' : '#9fbcb8';
}

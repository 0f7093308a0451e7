import { SankeyChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { labelOf, type Room } from './labels.js';
import type { Money, NameOf } from './names.js';
import { sankeyOf, simplified, type Node } from './sankey.js';
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
/** In pixels. `right` is the room of the last column's labels. */
const SMALL = { fontSize: 12, lineHeight: 16, right: 100 };
const LARGE = { fontSize: 13, lineHeight: 18, right: 156 };
const [LEFT, TOP, BOTTOM, BAR] = [4, 16, 24, 10];
/** Between a bar and its label, and between that and the next bar. */
const AROUND_LABEL = 10;

export default function GiftPicture({ root, nameOf, money, label }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = init(element, undefined, { renderer: 'svg' });
    const draw = (): void => {
      chart.resize();
      const { clientHeight: height, clientWidth: width } = element;
      chart.setOption(optionOf({ root, nameOf, money, width, height }), { notMerge: true });
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

interface Size {
  readonly width: number;
  readonly height: number;
}

function optionOf({ root, nameOf, money, ...size }: Omit<Props, 'label'> & Size) {
  const isNarrow = size.width < NARROW;
  const { nodes, links } = sankeyOf(isNarrow ? simplified(root) : root);
  const { fontSize, lineHeight, right } = isNarrow ? SMALL : LARGE;
  const roomOf = roomsIn(nodes, size);
  const depths = new Map(nodes.map(({ name, depth }) => [name, depth]));
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
        left: LEFT,
        right,
        top: TOP,
        bottom: BOTTOM,
        nodeWidth: BAR,
        nodeGap: gapIn(nodes, size),
        draggable: false,
        emphasis: { focus: 'trajectory' as const },
        lineStyle: { color: '#0d5c58', opacity: 0.16, curveness: 0.5 },
        labelLayout: { hideOverlap: true },
        label: {
          color: '#1c2726',
          fontSize,
          lineHeight,
          formatter: ({ name, value }: { name: string; value: number }) =>
            labelOf({ name: text(name), amount: money(value) }, roomOf(depths.get(name) ?? 0)),
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

/** A label has its place up to the next column, or up to the edge of the picture. */
function roomsIn(nodes: readonly Node[], { width }: Size): (depth: number) => Room {
  const { fontSize, right } = width < NARROW ? SMALL : LARGE;
  const last = Math.max(...nodes.map(({ depth }) => depth));
  const between = (width - LEFT - right - BAR) / Math.max(last, 1) - BAR;
  return (depth) => ({ ems: ((depth === last ? right : between) - AROUND_LABEL) / fontSize, lines: 2 });
}

/** So far apart that labels of the smallest bars do not meet, as long as the gaps leave a third of the height to the bars. */
function gapIn(nodes: readonly Node[], { height, width }: Size): number {
  const counts = new Map<number, number>();
  for (const { depth } of nodes) counts.set(depth, (counts.get(depth) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const { lineHeight } = width < NARROW ? SMALL : LARGE;
  return Math.min(3 * lineHeight, ((height - TOP - BOTTOM) * 2) / (3 * Math.max(most - 1, 1)));
}

function colorOf({ kind }: Way): string {
  if (kind === 'paid' || kind === 'redeemed' || kind === 'unpaid') return '#0d5c58';
  if (kind === 'gift' || kind === 'fund' || kind === 'campaign') return '#4f8f8a';
  return kind.startsWith('fee') ? '#a79a83' : '#9fbcb8';
}

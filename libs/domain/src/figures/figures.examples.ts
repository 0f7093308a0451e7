import { exampleBase64, exampleUuid } from '../kernel/examples.js';
import type { OfType } from '../kernel/table.js';
import type { FiguresCommand } from './figures.commands.js';
import type { FiguresEvent } from './figures.events.js';

type Cut = OfType<FiguresEvent, 'FiguresCut'>;
type Published = OfType<FiguresEvent, 'FiguresPublished'>;
type Publish = OfType<FiguresCommand, 'PublishFigures'>;

export const figuresEventExamples = {
  FiguresCut: (): Cut => ({ type: 'FiguresCut', data: {} }),
  FiguresPublished: (data: Partial<Published['data']> = {}): Published => ({
    type: 'FiguresPublished',
    data: { cut: 0, digest: exampleBase64(0x301), ...data },
  }),
};

export const figuresCommandExamples = {
  CutFigures: (): OfType<FiguresCommand, 'CutFigures'> => ({
    type: 'CutFigures',
    id: exampleUuid(0x301),
    data: {},
  }),
  PublishFigures: (data: Partial<Publish['data']> = {}): Publish => ({
    type: 'PublishFigures',
    id: exampleUuid(0x302),
    data: { cut: 0, digest: exampleBase64(0x301), ...data },
  }),
};

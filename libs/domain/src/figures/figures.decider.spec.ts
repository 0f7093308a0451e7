import { describe, expect, it } from '@jest/globals';
import { exampleBase64, exampleContext } from '../kernel/examples.js';
import { testRefusals } from '../kernel/refusal-cases.testing.js';
import { spec } from '../kernel/testing.js';
import { figuresConcept } from './figures.decider.js';
import { figuresCommandExamples as ask, figuresEventExamples as event } from './figures.examples.js';

const facts = { context: exampleContext() };
const cutAt = (position: number) => ({ ...event.FiguresCut(), position });
const toPublish = { given: [cutAt(40)], when: ask.PublishFigures({ cut: 40 }), facts };

testRefusals(figuresConcept, {
  figures_not_cut: { of: toPublish, change: { data: { cut: 39 } } },
  figures_already_published: {
    of: toPublish,
    change: { also: [event.FiguresPublished({ cut: 40, digest: exampleBase64(9) })] },
  },
});

describe('public figures', () => {
  it('are cut whenever they are to be, also when the last cut was never published', () => {
    spec(figuresConcept)
      .given([cutAt(40)])
      .when(ask.CutFigures(), facts)
      .then([event.FiguresCut()]);
  });

  it('are published of the latest cut, by its leaf', () => {
    const published = event.FiguresPublished({ cut: 57, disclosedDigest: exampleBase64(3) });
    spec(figuresConcept)
      .given([cutAt(40), event.FiguresPublished({ cut: 40 }), cutAt(57)])
      .when(ask.PublishFigures(published.data), facts)
      .then([published]);
  });

  it('are not published before the first cut, nor of one that another followed', () => {
    spec(figuresConcept).given([]).when(ask.PublishFigures(), facts).thenRefused('figures_not_cut');
    spec(figuresConcept)
      .given([cutAt(40), cutAt(57)])
      .when(ask.PublishFigures({ cut: 40 }), facts)
      .thenRefused('figures_not_cut');
  });

  it('are published once, however often the same is asked', () => {
    spec(figuresConcept)
      .given([cutAt(40), event.FiguresPublished({ cut: 40 })])
      .when(ask.PublishFigures({ cut: 40 }), facts)
      .then([]);
  });

  it('have a second document that cannot be added later', () => {
    spec(figuresConcept)
      .given([cutAt(40), event.FiguresPublished({ cut: 40 })])
      .when(ask.PublishFigures({ cut: 40, disclosedDigest: exampleBase64(3) }), facts)
      .thenRefused('figures_already_published');
  });

  it('forget what was published once there is a new cut', () => {
    const history = [cutAt(40), event.FiguresPublished({ cut: 40 }), cutAt(57)];
    expect(spec(figuresConcept).given(history).state()).toEqual({ cut: 57 });
  });
});

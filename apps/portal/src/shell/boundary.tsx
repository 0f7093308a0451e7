import { Component, type ReactNode } from 'react';
import { useWords } from '../language/language.js';
import { shellWords } from './shell.words.js';

interface Props {
  readonly children: ReactNode;
}

/** A page whose code did not arrive, or that broke, says so; without this the whole site would be blank. */
export class PageBoundary extends Component<Props, { readonly isBroken: boolean }> {
  override readonly state = { isBroken: false };

  static getDerivedStateFromError(): { readonly isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <BrokenPage /> : this.props.children;
  }
}

function BrokenPage() {
  const { broken, retry } = useWords(shellWords);
  return (
    <section className="page narrow" role="alert">
      <h1>{broken.title}</h1>
      <p>{broken.text}</p>
      <p>
        <button type="button" className="button-quiet" onClick={() => window.location.reload()}>
          {retry}
        </button>
      </p>
    </section>
  );
}

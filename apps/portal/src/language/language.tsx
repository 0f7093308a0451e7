import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { recall, remember } from '../shell/memory.js';
import type { Language, Words } from './words.js';

const KEY = 'aidtrail.language';
const TAGS: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en' };

interface Speaking {
  readonly language: Language;
  readonly speak: (language: Language) => void;
}

const SpeakingContext = createContext<Speaking>({ language: 'zh', speak: () => undefined });

/** Chinese until somebody chooses otherwise; the choice stays in this browser. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (recall(KEY) === 'en' ? 'en' : 'zh'));
  useEffect(() => {
    document.documentElement.lang = TAGS[language];
  }, [language]);
  const speak = useCallback((next: Language) => {
    remember(KEY, next);
    setLanguage(next);
  }, []);
  const speaking = useMemo(() => ({ language, speak }), [language, speak]);
  return <SpeakingContext value={speaking}>{children}</SpeakingContext>;
}

export function useLanguage(): Speaking {
  return use(SpeakingContext);
}

export function useWords<T>(words: Words<T>): T {
  return words[useLanguage().language];
}

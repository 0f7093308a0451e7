export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** The same sentences in another language: every text is a text, every function takes the same arguments. */
export type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Translated<T[K]>;
};

export type Words<T> = Readonly<Record<Language, T>>;

/** Chinese is written first, and says which sentences there are; English has to have each of them. */
export function inBoth<const T>(zh: T, en: Translated<T>): Words<Translated<T>> {
  return { zh: zh as Translated<T>, en };
}

/**
 * Reads rows page by page, the next page while the one before is worked on. Throws if a page is empty before `count` rows
 * have come: the event says that there are so many.
 */
export async function* pagesOf<Row>(
  count: number,
  rowsAtATime: number,
  read: (from: number) => Promise<readonly Row[]>,
): AsyncIterable<readonly Row[]> {
  let next = count > 0 ? ahead(read(0)) : undefined;
  for (let from = 0; from < count; from += rowsAtATime) {
    const rows = (await next) ?? [];
    if (rows.length === 0) throw new Error('There are fewer prepared rows than the event says.');
    next = from + rowsAtATime < count ? ahead(read(from + rowsAtATime)) : undefined;
    yield rows;
  }
}

export async function* mapPages<A, B>(pages: AsyncIterable<A>, map: (page: A) => B): AsyncIterable<B> {
  for await (const page of pages) yield map(page);
}

/** A read that fails before anybody waits for it must not count as an unhandled rejection. */
function ahead<T>(reading: Promise<T>): Promise<T> {
  reading.catch(() => undefined);
  return reading;
}

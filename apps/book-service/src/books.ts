/** A book as the catalogue knows it. */
export interface Book {
  readonly bookId: number;
  readonly name: string;
}

const NUMBER_OF_BOOKS = 10;

const CATALOGUE: ReadonlyMap<number, Book> = new Map(
  Array.from({ length: NUMBER_OF_BOOKS }, (_, index) => [
    index + 1,
    { bookId: index + 1, name: `Book ${index + 1}` },
  ]),
);

/** `undefined` where the catalogue has no such book. */
export function findBook(bookId: number): Book | undefined {
  return CATALOGUE.get(bookId);
}

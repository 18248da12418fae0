/** Gives the rating of a book, 1 to 5. */
export type Ratings = (bookId: number) => number;

/** Version 1 finds every book the same. */
export const v1Ratings: Ratings = () => 1;

/**
 * Version 2 draws a rating for a book when it is first asked and keeps it until it ends. It never draws 1, so that a
 * rating of 1 always comes from version 1.
 */
export function v2Ratings(random: () => number): Ratings {
  const drawn = new Map<number, number>();
  return (bookId) => {
    const known = drawn.get(bookId);
    if (known !== undefined) return known;
    const rating = 2 + Math.floor(random() * 4);
    if (drawn.size < MAX_REMEMBERED) drawn.set(bookId, rating);
    return rating;
  };
}

/** Far more than there are books; it bounds what a hostile caller can make the service remember. */
const MAX_REMEMBERED = 10_000;

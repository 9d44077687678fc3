/** When the tools of a server are listed again that says that they have changed. Times are in milliseconds. */
export interface RefreshPace {
  /** Not before then. */
  readonly notBefore: number
  /** How often in a row it was done without a calm time in between. */
  readonly streak: number
}

export const initialPace: RefreshPace = { notBefore: 0, streak: 0 }

/** What changes together is told in one: it is waited until nothing more comes, but not for long. */
const quietMillis = 500
const patienceMillis = 5_000

/** After a refresh, twice as long each time. A server may say that its tools have changed whenever they are listed. */
const firstPauseMillis = 5_000
const longestPauseMillis = 300_000
/** Where they have changed indeed. */
const longestWorthwhileMillis = 30_000
const calmMillis = 600_000

/**
 * @param firstAt when it was first said since the last refresh.
 * @param lastAt when it was last said.
 */
export const dueAt = ({ notBefore }: RefreshPace, firstAt: number, lastAt: number): number =>
  Math.max(notBefore, Math.min(lastAt + quietMillis, firstAt + patienceMillis))

/** The pace after a refresh. */
export const refreshed = (
  { notBefore, streak }: RefreshPace,
  now: number,
  isChanged: boolean,
): RefreshPace => {
  const current = now - notBefore > calmMillis ? 0 : streak
  const longest = isChanged ? longestWorthwhileMillis : longestPauseMillis
  return {
    notBefore: now + Math.min(longest, firstPauseMillis * 2 ** current),
    streak: current + 1,
  }
}

/** How long a call may take that somebody follows. */
export interface FollowLimits {
  /** Without a sign of life, in milliseconds. */
  readonly runTimeoutMs: number
  /** In all, in milliseconds. */
  readonly runMaxMs: number
}

/** What such a call may take at most. Nobody waits for less time because they follow. */
export const longest = ({ runMaxMs, runTimeoutMs }: FollowLimits): number => Math.max(runMaxMs, runTimeoutMs)

/**
 * When such a call is given up: progress puts it off, up to a point.
 *
 * @param heardAt when its server last told of progress, or when it began.
 */
export const callDeadline = (startedAt: number, heardAt: number, limits: FollowLimits): number =>
  Math.min(heardAt + limits.runTimeoutMs, startedAt + longest(limits))

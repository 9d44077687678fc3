const monotonic = () => performance.now()

/** How often something may come: so many at once, and then so many in a second. */
export class MessageRate {
  readonly #perMilli: number
  readonly #burst: number
  readonly #now: () => number
  #left: number
  #at: number

  constructor(perSecond: number, burst: number, now: () => number = monotonic) {
    this.#perMilli = perSecond / 1000
    this.#burst = burst
    this.#now = now
    this.#left = burst
    this.#at = now()
  }

  /** Takes one where there is one left, and tells in how many milliseconds there is: 0 where it was taken. */
  take(): number {
    this.#refill()
    if (this.#left < 1) return (1 - this.#left) / this.#perMilli
    this.#left -= 1
    return 0
  }

  /** One more may come: it was asked for. */
  give(): void {
    this.#left += 1
  }

  #refill(): void {
    const now = this.#now()
    // What was given beyond the burst stays.
    if (this.#left < this.#burst) {
      this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perMilli)
    }
    this.#at = now
  }
}

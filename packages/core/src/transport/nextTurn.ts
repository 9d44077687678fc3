/** Ends this turn of the event loop: whatever else waits, timers and sockets, has its turn before the caller goes on. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Who uses the host of the soak. */
export const soakUsers: ReadonlyArray<string> = Array.from({ length: 12 }, (_, at) => `user${at}`)

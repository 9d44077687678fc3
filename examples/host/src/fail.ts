/** Ends the process with a message for whoever started it, who can do nothing with a stack trace. */
export const fail = (message: string): never => {
  console.error(message)
  process.exit(1)
}

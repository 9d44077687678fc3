/** Writes a text and waits until it is on its way: what a pipe has not taken yet is lost when the process exits. */
export const write = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve) => {
    if (text === "") return resolve()
    // Whoever reads along may go: `mooring info | head -1`.
    stream.on("error", () => resolve())
    stream.write(text, () => resolve())
  })

/** Node 22 calls `node:sqlite` experimental at every start. Whoever migrates a database can do nothing about it. */
export const hideExperiments = (): void => {
  process.removeAllListeners("warning")
  process.on("warning", ({ message, name }) => {
    if (name !== "ExperimentalWarning") process.stderr.write(`${name}: ${message}\n`)
  })
}

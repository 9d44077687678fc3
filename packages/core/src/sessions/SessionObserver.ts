/** What whoever has a session opened is told of it. */
export interface SessionObserver {
  /** The server has answered over it for the first time, or has listed its tools. */
  readonly answered: () => void
  /** The server says that it offers other tools than before. It may say so ten thousand times a second. */
  readonly toolsChanged: () => void
  /** It is gone, by whomever's doing. */
  readonly closed: (diagnostics: string | undefined) => void
}

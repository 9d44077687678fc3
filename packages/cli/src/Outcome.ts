/** What comes of a command line. */
export interface Outcome {
  /** 1 where a command failed, 2 where the command line says nothing that could be done. */
  readonly exitCode: 0 | 1 | 2
  readonly stdout?: string
  readonly stderr?: string
}

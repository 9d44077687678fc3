/** Answers what the bench asks this process, one thing at a time; the first answer says that it is ready. */
export const answerParent = (answer: (question: unknown) => Promise<unknown>): void => {
  process.on("message", (question) => {
    answer(question).then(
      (value) => process.send?.({ value }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    )
  })
  // The bench that started it has gone.
  process.once("disconnect", () => process.exit(0))
  process.send?.({ value: "ready" })
}

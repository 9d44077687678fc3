import * as Schema from "effect/Schema"
import { answerParent } from "./answerParent.ts"
import { Batch, runBatch } from "./Batch.ts"

/** Makes the calls that the bench asks for, and answers with the time that they took. */
export const answerBatches = (call: () => Promise<void>): void =>
  answerParent((question) => runBatch(call, decodeBatch(question)))

const decodeBatch = Schema.decodeUnknownSync(Batch)

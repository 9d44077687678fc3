import * as Schema from "effect/Schema"
import { answerParent } from "./answerParent.ts"
import { Batch, runBatch } from "./Batch.ts"
import { HttpLoad } from "./HttpLoad.ts"
import { KeptConnection, requestBytes } from "./KeptConnection.ts"

// A process that sends requests to hosts in other processes.

const decodeQuestion = Schema.decodeUnknownSync(Schema.Struct({ load: HttpLoad, batch: Batch }))

const connections = new Map<number, Array<KeptConnection>>()

answerParent(async (question) => {
  const { batch, load } = decodeQuestion(question)
  const open = connections.get(load.port) ?? []
  connections.set(load.port, open)
  while (open.length < batch.atOnce) open.push(await KeptConnection.open(load.port))
  const free = [...open]
  const bytes = requestBytes(load.method, load.path, load.headers, load.body)
  return runBatch(async () => {
    const connection = free.pop()
    if (connection === undefined) throw new Error("There are fewer connections than callers")
    const { body, status } = await connection.send(bytes)
    if (status !== 200 || !body.includes(load.expected)) throw new Error(`${status}: ${body}`)
    free.push(connection)
  }, batch)
})

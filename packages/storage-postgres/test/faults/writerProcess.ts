// writerProcess.ts <url> <seed>: writes until it is killed.
import { runWriter } from "../../../storage-sql/test/faults/runWriter.ts"
import { postgresStores } from "../../src/index.ts"
import { keys } from "./keys.ts"

const [url, seed = ""] = process.argv.slice(2)
await runWriter(postgresStores({ url, keys }), Number(seed))

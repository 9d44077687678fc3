// writerProcess.ts <file> <seed>: writes until it is killed.
import { runWriter } from "../../../storage-sql/test/faults/runWriter.ts"
import { sqliteStores } from "../../src/index.ts"
import { keys } from "./keys.ts"

const [file = "", seed = ""] = process.argv.slice(2)
await runWriter(sqliteStores({ file, keys }), Number(seed))

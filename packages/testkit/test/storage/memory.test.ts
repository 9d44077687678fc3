import { storageSuite } from "../../src/index.ts"
import { memoryStorage } from "./memoryStorage.ts"

storageSuite("memory", () => memoryStorage())

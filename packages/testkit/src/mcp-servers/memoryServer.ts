import { randomUUID } from "node:crypto"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { packageCommand } from "./packageCommand.ts"
import type { StdioCommand } from "./StdioCommand.ts"

/**
 * The reference server `@modelcontextprotocol/server-memory`, a knowledge graph, over stdio.
 *
 * @param file Where it keeps its graph; it creates the file when it first writes. Default: a new name in the
 *   directory for temporary files, since its own default is a file inside the installed package.
 */
export function memoryServer(file = join(tmpdir(), `mcp-memory-${randomUUID()}.jsonl`)): StdioCommand {
  return { ...packageCommand("@modelcontextprotocol/server-memory", []), env: { MEMORY_FILE_PATH: file } }
}

import type { Api } from "./Api.ts"
import { text } from "./json.ts"

export interface Run {
  readonly serverId: string
  readonly toolId: string
  readonly args: unknown
}

/**
 * Runs a tool. Where that fails, it does what the answers advise: connect again, sign in where that asks for it, and
 * run the tool once more.
 *
 * @returns what is wrong at last, or nothing.
 */
export const runTool = async (
  api: Api,
  run: Run,
  connectAgain: () => Promise<void>,
): Promise<string | undefined> => {
  if ((await attempt(api, run)) === undefined) return undefined
  await connectAgain()
  return attempt(api, run)
}

const attempt = async (api: Api, { args, serverId, toolId }: Run): Promise<string | undefined> => {
  const { body, status } = await api.run(serverId, toolId, args)
  if (status !== 200) return `The run was answered with ${status}: ${JSON.stringify(body)}`
  if (text(body, "status") !== "success") return text(body, "func_return") ?? "The run failed."
  return undefined
}

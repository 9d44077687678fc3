import { createContext } from "preact"
import { useContext, useEffect, useState } from "preact/hooks"
import type { Api } from "../api/Api.ts"
import type { ServerState } from "../servers/ServerState.ts"
import type { ServerStates } from "./ServerStates.ts"

/** What all screens share. */
export interface AppContext {
  readonly api: Api
  readonly states: ServerStates
  /** Has the user asked for a token: the API knows nobody by this request. */
  readonly askForToken: () => void
}

export const Context = createContext<AppContext | undefined>(undefined)

export const useApp = (): AppContext => {
  const app = useContext(Context)
  if (app === undefined) throw new Error("Outside of the console")
  return app
}

export const useServerState = (id: string): ServerState => {
  const { states } = useApp()
  const [, setCount] = useState(0)
  useEffect(() => states.subscribe(() => setCount((count) => count + 1)), [states])
  return states.get(id)
}

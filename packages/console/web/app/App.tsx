import type { ComponentChildren } from "preact"
import { useCallback, useMemo, useState } from "preact/hooks"
import { AddScreen } from "../add/AddScreen.tsx"
import { Api } from "../api/Api.ts"
import { ConnectScreen } from "../connect/ConnectScreen.tsx"
import { Heading } from "../parts/Heading.tsx"
import { Mark } from "../parts/Mark.tsx"
import { ServerScreen } from "../server/ServerScreen.tsx"
import { ServersScreen } from "../servers/ServersScreen.tsx"
import { type AppContext, Context } from "./AppContext.ts"
import { type Route, toHash } from "./Route.ts"
import { ServerStates } from "./ServerStates.ts"
import { TokenScreen } from "./TokenScreen.tsx"
import { useRoute } from "./useRoute.ts"

/** The whole console, for the API at `base`. */
export const App = ({ base }: { readonly base: string }) => {
  const route = useRoute()
  const [needsToken, setNeedsToken] = useState(false)
  const api = useMemo(() => new Api(base), [base])
  const askForToken = useCallback(() => setNeedsToken(true), [])
  const app = useMemo<AppContext>(
    () => ({ api, states: new ServerStates(api), askForToken }),
    [api, askForToken],
  )
  const enter = (token: string) => {
    api.useToken(token)
    setNeedsToken(false)
  }
  return (
    <Context.Provider value={app}>
      <a class="skip-link" href="#content" onClick={skipToContent}>
        Skip to the content
      </a>
      <header class="top-bar">
        <a class="brand" href={toHash.servers}>
          <Mark />
          MCP servers
        </a>
      </header>
      <main id="content" tabIndex={-1}>
        {needsToken ? <TokenScreen onToken={enter} /> : screen(route)}
      </main>
    </Context.Provider>
  )
}

const screen = (route: Route): ComponentChildren => {
  switch (route.screen) {
    case "servers":
      return <ServersScreen />
    case "add":
      return <AddScreen key={route.way} way={route.way} />
    case "connect":
      return <ConnectScreen key={route.id} id={route.id} />
    case "server":
      return <ServerScreen key={route.id} route={route} />
    case "nowhere":
      return (
        <section class="narrow">
          <Heading>There is no such page</Heading>
          <p>
            <a href={toHash.servers}>All servers</a>
          </p>
        </section>
      )
  }
}

// A link to a place within the page would change the route.
const skipToContent = (event: Event): void => {
  event.preventDefault()
  document.getElementById("content")?.focus()
}

import { useApp } from "../app/AppContext.ts"
import { toHash } from "../app/Route.ts"
import { useLoad } from "../app/useLoad.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { Heading } from "../parts/Heading.tsx"
import { LoadFailure } from "../parts/LoadFailure.tsx"
import { Notice } from "../parts/Notice.tsx"
import { showControls } from "../parts/foreignText.ts"
import { type ConnectState, failureTitle, isOver } from "./ConnectState.ts"
import { Stepper } from "./Stepper.tsx"
import { prepareSignInWindow } from "./signInWindow.ts"
import { type Attempt, useConnect } from "./useConnect.ts"

/** Connects to a server before the user's eyes, and takes them through its sign-in. */
export const ConnectScreen = ({ id }: { readonly id: string }) => {
  const { api } = useApp()
  const server = useLoad(id, (signal) => api.getServer(id, signal))
  const attempt = useConnect(id)
  if (server.status === "failed") {
    return <LoadFailure title="The server could not be loaded" error={server.error} onRetry={server.reload} />
  }
  const name = server.status === "loaded" ? server.value.server_name : "the server"
  return (
    <section class="narrow">
      <p class="back">
        <a href={toHash.server(id)}>
          <span aria-hidden="true">← </span>
          <ForeignText text={name} />
        </a>
      </p>
      <Heading windowTitle={`Connect to ${showControls(name)}`}>
        Connect to <ForeignText text={name} />
      </Heading>
      <div class="panel stack">
        <Stepper state={attempt.state} />
        <What attempt={attempt} id={id} />
      </div>
    </section>
  )
}

const What = ({ attempt, id }: { readonly attempt: Attempt; readonly id: string }) => {
  const { again, cancel, hasWindow, state } = attempt
  return (
    <>
      {state.phase === "waiting" && state.url !== undefined && (
        <div class="stack" role="status">
          <p>
            {hasWindow
              ? "A window has been opened for you to sign in. This goes on by itself when you are done."
              : "Sign in on the page of the server. This goes on by itself when you are done."}
          </p>
          <p>
            <a
              class={`button ${hasWindow ? "" : "primary"}`}
              href={state.url}
              target="_blank"
              rel="noreferrer noopener"
            >
              {hasWindow ? "Open the sign-in again" : "Open the sign-in"}
            </a>
          </p>
          <p class="hint">
            It leads to <bdi>{hostOf(state.url)}</bdi>
          </p>
          {state.message !== "" && <Notice tone="warning">{state.message}</Notice>}
        </div>
      )}
      {state.phase === "signed_in" && <p role="status">You are signed in. Its tools are being listed.</p>}
      {state.phase === "cancelled" && (
        <Notice tone="neutral">
          Cancelled. Nothing was stored.
          {state.url !== undefined && " You can close the window of the sign-in."}
        </Notice>
      )}
      {state.phase === "failed" && (
        <Notice tone="bad" title={failureTitle(state.code)}>
          <p>
            <ForeignText text={state.message} length={1_000} />
          </p>
        </Notice>
      )}
      {state.phase === "connected" && (
        <Notice tone="good" title="Connected">
          <p>{toolsFound(state)}</p>
        </Notice>
      )}
      <div class="actions">
        {!isOver(state) && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
        {(state.phase === "failed" || state.phase === "cancelled") && (
          <button
            type="button"
            class="primary"
            onClick={() => {
              if (state.wantsSignIn) prepareSignInWindow()
              again()
            }}
          >
            Try again
          </button>
        )}
        {state.phase === "connected" && (
          <a class="button primary" href={toHash.server(id)}>
            See its tools
          </a>
        )}
      </div>
    </>
  )
}

const hostOf = (url: string): string => URL.parse(url)?.host ?? ""

const toolsFound = ({ toolCount }: ConnectState): string =>
  toolCount === 0 ? "It offers no tools." : `It offers ${toolCount} tool${toolCount === 1 ? "" : "s"}.`

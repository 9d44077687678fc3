import { expect, test } from "vitest"
import type { ConnectEvent } from "../web/api/wire.ts"
import { beginning, type ConnectAction, reduceConnect, stepsOf } from "../web/connect/ConnectState.ts"

const event = (event: ConnectEvent): ConnectAction => ({ type: "event", event })
const attempt = event({ event: "connection_attempt", server_name: "a" })
const required = event({ event: "oauth_required", message: "" })
const address = event({ event: "authorization_url", url: "https://example.com/authorize", session_id: "s" })
const waiting = event({ event: "waiting_for_auth", message: "" })
const success = event({ event: "success", tools: [{}, {}] })
const told = (status: string, sessionId: string | undefined = "s"): ConnectAction => ({
  type: "told",
  message: { status, sessionId },
})

const after = (...actions: ReadonlyArray<ConnectAction>) => actions.reduce(reduceConnect, beginning)
const steps = (...actions: ReadonlyArray<ConnectAction>) =>
  stepsOf(after(...actions)).map(({ status }) => status)

test.each<[string, ReadonlyArray<ConnectAction>, ReadonlyArray<string>]>([
  ["at the beginning", [attempt], ["current", "upcoming", "upcoming", "upcoming"]],
  ["without a sign-in", [attempt, success], ["done", "skipped", "skipped", "done"]],
  ["asked to sign in", [attempt, required], ["done", "current", "upcoming", "upcoming"]],
  ["with an address", [attempt, required, address], ["done", "done", "current", "upcoming"]],
  ["waiting", [attempt, required, address, waiting], ["done", "done", "current", "upcoming"]],
  ["signed in", [attempt, required, address, waiting, told("success")], ["done", "done", "done", "current"]],
  ["connected", [attempt, required, address, waiting, success], ["done", "done", "done", "done"]],
  [
    "unreachable",
    [attempt, event({ event: "error", message: "" })],
    ["failed", "upcoming", "upcoming", "upcoming"],
  ],
  [
    "refused",
    [attempt, required, address, waiting, event({ event: "error", message: "", code: "access_denied" })],
    ["done", "done", "failed", "upcoming"],
  ],
  ["cancelled", [attempt, required, { type: "cancelled" }], ["done", "failed", "upcoming", "upcoming"]],
])("the steps %s", (_when, actions, expected) => {
  expect(steps(...actions)).toStrictEqual(expected)
})

test.each([
  "javascript:alert(1)",
  "data:text/html,x",
  "file:///etc",
  "https://user:pw@example.com/",
  "nonsense",
])("nobody is sent to %s", (url) => {
  const state = after(attempt, required, event({ event: "authorization_url", url, session_id: "s" }))
  expect(state).toMatchObject({ phase: "failed", url: undefined, code: "unsafe_endpoint" })
})

test("what another sign-in's page tells is not about this one", () => {
  expect(after(attempt, required, address, waiting, told("success", "other")).phase).toBe("waiting")
})

test("another user in that window is told, who cannot say of which sign-in, and the attempt goes on", () => {
  const unnamed = (status: string): ConnectAction => ({
    type: "told",
    message: { status, sessionId: undefined },
  })
  const state = after(attempt, required, address, waiting, unnamed("wrong_user"))
  expect(state.phase).toBe("waiting")
  expect(state.message).toContain("Somebody else")
  expect(after(attempt, required, address, waiting, unnamed("success")).phase).toBe("waiting")
})

test("a late waiting_for_auth does not take back that somebody has signed in", () => {
  expect(after(attempt, required, address, told("success"), waiting).phase).toBe("signed_in")
})

test("after its end nothing changes an attempt but a new one", () => {
  const ended = after(attempt, success)
  expect(reduceConnect(ended, { type: "cancelled" })).toBe(ended)
  expect(reduceConnect(ended, required)).toBe(ended)
  expect(reduceConnect(ended, { type: "begun" })).toStrictEqual(beginning)
})

import { expect, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { test } from "vitest"
import { type Room, whichToEvict } from "../../src/sessions/whichToEvict.ts"

interface Session {
  readonly holder: string
  readonly idleSince: number | undefined
}

const choose = (
  sessions: ReadonlyArray<Session>,
  holder: string,
  caps: { readonly sessions: number; readonly sessionsPerActor: number },
): Room<Session> => whichToEvict(sessions, holder, caps, ({ idleSince }) => idleSince)

const used = (holder: string): Session => ({ holder, idleSince: undefined })
const idle = (holder: string, idleSince: number): Session => ({ holder, idleSince })

test("there is room until a limit is reached", () => {
  expect(choose([used("a")], "a", { sessions: 2, sessionsPerActor: 2 })).toStrictEqual({ type: "free" })
  expect(choose([used("a")], "b", { sessions: 2, sessionsPerActor: 1 })).toStrictEqual({ type: "free" })
})

test("who is at their own limit gives up their own that has been idle for longest", () => {
  const sessions = [idle("b", 1), idle("a", 3), idle("a", 2), used("a")]
  expect(choose(sessions, "a", { sessions: 100, sessionsPerActor: 3 })).toStrictEqual({
    type: "evict",
    session: sessions[2],
  })
})

test("who is at their own limit, with all in use, is told so, whatever others leave unused", () => {
  const sessions = [used("a"), used("a"), idle("b", 1)]
  expect(choose(sessions, "a", { sessions: 3, sessionsPerActor: 2 })).toStrictEqual({
    type: "full",
    limit: "sessionsPerActor",
  })
})

test("where all places are taken, whoever holds the most gives one up, and not who has been idle for longest", () => {
  const sessions = [idle("quiet", 1), idle("loud", 9), idle("loud", 8), used("loud")]
  expect(choose(sessions, "new", { sessions: 4, sessionsPerActor: 10 })).toStrictEqual({
    type: "evict",
    session: sessions[2],
  })
})

test("of those who hold as many, it is the one that has been idle for longest", () => {
  const sessions = [idle("a", 5), idle("b", 4)]
  expect(choose(sessions, "c", { sessions: 2, sessionsPerActor: 2 })).toStrictEqual({
    type: "evict",
    session: sessions[1],
  })
})

const inputs = {
  sessions: Schema.Array(
    Schema.Struct({
      holder: Schema.Literals(["a", "b", "c"]),
      idleSince: Schema.UndefinedOr(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))),
    }),
  ),
  holder: Schema.Literals(["a", "b", "c", "d"]),
  caps: Schema.Struct({
    sessions: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 8 })),
    sessionsPerActor: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4 })),
  }),
}

it.prop(
  "no session in use is closed, limits are kept, and nobody pays for somebody who holds more",
  inputs,
  ({ caps, holder, sessions }) => {
    const room = choose(sessions, holder, caps)
    const countOf = (name: string) => sessions.filter((session) => session.holder === name).length
    const isActorFull = countOf(holder) >= caps.sessionsPerActor
    const isFull = sessions.length >= caps.sessions
    const mayGo = sessions.filter(
      (session) => session.idleSince !== undefined && (!isActorFull || session.holder === holder),
    )
    switch (room.type) {
      case "free":
        expect(isActorFull || isFull).toBe(false)
        break
      case "full":
        expect(mayGo).toStrictEqual([])
        expect(room.limit).toBe(isActorFull ? "sessionsPerActor" : "sessions")
        break
      case "evict": {
        expect(isActorFull || isFull).toBe(true)
        expect(mayGo).toContain(room.session)
        const { holder: payer, idleSince: since = 0 } = room.session
        for (const other of mayGo) {
          expect(countOf(payer)).toBeGreaterThanOrEqual(countOf(other.holder))
          if (other.holder === payer) expect(since).toBeLessThanOrEqual(other.idleSince ?? 0)
        }
      }
    }
  },
)

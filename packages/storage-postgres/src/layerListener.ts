import { SignalHub, type StoreSignal } from "@mooring/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** What PostgreSQL delivers on a channel that is listened to. */
type Notifications = Queue.Dequeue<{ readonly payload: string }, SqlError>

/** How often it is tried whether the connection still delivers, and how long that may take. */
const probeInterval = Duration.seconds(15)
const probePatience = Duration.seconds(5)

/**
 * Publishes what other nodes change, as PostgreSQL tells it. While the connection is lost, nobody must remember what
 * they have read, because notifications of that time never arrive.
 *
 * @param listen opens a connection that listens to the channel `mooring`.
 */
export const layerListener = <E, R>(listen: Effect.Effect<Notifications, E, R>) =>
  Layer.effectDiscard(
    Effect.gen(function* () {
      const sql = yield* SqlClient
      const { publish } = yield* SignalHub
      const self = globalThis.crypto.randomUUID()

      const listenOnce = Effect.gen(function* () {
        const notifications = yield* listen
        yield* publish({ type: "resumed" })
        let heardAt = yield* Clock.currentTimeMillis

        const receive = Effect.gen(function* () {
          const { payload } = yield* Queue.take(notifications)
          const message = yield* decodeMessage(payload)
          if (message.type !== "probe") yield* publish(message)
          else if (message.self === self) heardAt = yield* Clock.currentTimeMillis
        })
        // A connection can be dead for minutes before the operating system says so.
        const probe = Effect.gen(function* () {
          yield* Effect.sleep(probeInterval)
          const sentAt = yield* Clock.currentTimeMillis
          // Whether it could not be sent or did not come back is the same; that a statement hangs must not be waited for.
          yield* Effect.forkScoped(
            Effect.ignore(sql`select pg_notify('mooring', ${JSON.stringify({ type: "probe", self })})`),
          )
          yield* Effect.sleep(probePatience)
          if (heardAt < sentAt) return yield* new ListenerSilent()
        })
        yield* Effect.raceFirst(Effect.forever(receive), Effect.forever(probe))
      }).pipe(
        // Before the connection is given up, which may take its time.
        Effect.ensuring(publish({ type: "interrupted" })),
        Effect.scoped,
        Effect.tapCause((cause) =>
          Effect.logWarning(
            "Changes of other nodes go unnoticed until PostgreSQL is listened to again",
            cause,
          ),
        ),
      )

      yield* Effect.forkScoped(Effect.retry(listenOnce, reconnecting))
    }),
  )

const reconnecting = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("1 second")]).pipe(
  Schedule.jittered,
)

class ListenerSilent extends Schema.TaggedError<ListenerSilent>()("ListenerSilent", {}) {
  override get message() {
    return "The connection that listens no longer delivers what is sent."
  }
}

const serverId = Schema.String
const organizationId = Schema.String
/** What the triggers of the migrations send, and this module's own probes. */
const Message: Schema.Codec<StoreSignal | { readonly type: "probe"; readonly self: string }, string> =
  Schema.fromJsonString(
    Schema.Union([
      Schema.Struct({ type: Schema.Literal("server_changed"), serverId, revision: Schema.Int }),
      Schema.Struct({ type: Schema.Literal("server_removed"), serverId }),
      Schema.Struct({ type: Schema.Literal("tools_changed"), serverId }),
      Schema.Struct({
        type: Schema.Literal("credential_changed"),
        organizationId,
        userId: Schema.String,
        resource: Schema.String,
      }),
      Schema.Struct({
        type: Schema.Literal("authorization_changed"),
        organizationId,
        authorizationId: Schema.String,
      }),
      // For what is too long to be sent.
      Schema.Struct({ type: Schema.Literal("resumed") }),
      Schema.Struct({ type: Schema.Literal("probe"), self: Schema.String }),
    ]),
  )
/** Of what a later release or somebody else sends, only this is known: something has changed. */
const decodeMessage = (payload: string) =>
  Schema.decodeEffect(Message)(payload).pipe(Effect.orElseSucceed(() => ({ type: "resumed" }) as const))

import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Semaphore from "effect/Semaphore"
import type { Actor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import { McpServerStore } from "../servers/McpServerStore.ts"
import type { RateLimited } from "../rateLimits/RateLimited.ts"
import { RateLimits } from "../rateLimits/RateLimits.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { auditFailures, auditLost } from "../telemetry/metrics.ts"
import { logEvent } from "../telemetry/logEvent.ts"
import { isMeasured } from "../telemetry/TelemetryEnabled.ts"
import type { OfferedTool } from "../tools/ToolStore.ts"
import { AuditQueue } from "./AuditQueue.ts"
import type { AuditAct, AuditRecord } from "./AuditRecord.ts"
import { type AuditPage, AuditStore } from "./AuditStore.ts"

type Who = Pick<Actor, "organizationId" | "userId">

/**
 * Records who did what to MCP servers. A store that fails harms nothing that is recorded: it is asked again, and the log
 * says so.
 */
export class Audit extends Context.Service<
  Audit,
  {
    /**
     * Does something and records it, whoever has left meanwhile: it returns when the record is stored, or the store has
     * failed at that.
     *
     * @param actOf what there is to record of it, if anything.
     */
    readonly recorded: <A, E>(
      who: Who,
      serverId: string,
      doing: Effect.Effect<A, E>,
      actOf: (result: A) => AuditAct | undefined,
    ) => Effect.Effect<A, E>
    /** Records an act in the background, for what nobody waits for. */
    readonly note: (who: Who, serverId: string, act: AuditAct) => void
    /** Counts a run of a tool. It is stored within a second or so; a process that is killed before that forgets it. */
    readonly ran: (who: Who, offered: OfferedTool, outcome: string) => void
    /** What is recorded of a server, the newest first; also after its deletion, as long as the store keeps that. */
    readonly list: (
      actor: Actor,
      serverId: string,
      page?: Partial<AuditPage>,
    ) => Effect.Effect<ReadonlyArray<AuditRecord>, McpServerNotFound | RateLimited | StoreError>
  }
>()("@mooring/core/audit/Audit") {
  static readonly layer = Layer.effect(
    Audit,
    Effect.gen(function* () {
      const store = yield* AuditStore
      const { limited } = yield* RateLimits
      const servers = yield* McpServerStore
      const { audit, limits } = yield* Options
      const clock = yield* Clock.Clock
      const scope = yield* Effect.scope
      const one = yield* Semaphore.make(1)
      const queue = new AuditQueue()
      const arrived = Latch.makeUnsafe()
      let isFailing = false

      const append = (records: ReadonlyArray<AuditRecord>) =>
        store.append(records, limits.auditRecords).pipe(
          Effect.as(true),
          Effect.catchCause(
            Effect.fnUntraced(function* (cause) {
              if (Cause.hasInterruptsOnly(cause)) return yield* Effect.interrupt
              yield* tellFailed(records.length, isFailing ? undefined : cause)
              return false
            }),
          ),
        )

      /**
       * Stores what waits now, or as much of it as the store takes: while it fails, nobody waits for it but whoever
       * tries. What comes meanwhile is left: where runs follow one another, there would be no end.
       */
      const flush = (isTry: boolean) =>
        Effect.suspend(() => (isFailing && !isTry ? Effect.void : one.withPermits(1)(flushOne(isTry))))
      const flushOne = (isTry: boolean) =>
        Effect.gen(function* () {
          // It has begun to fail while this one waited for its turn.
          if (isFailing && !isTry) return
          yield* tellLost(queue.takeLost())
          let left = queue.size
          while (left > 0) {
            const records = queue.take(Math.min(batch, left))
            isFailing = !(yield* append(records))
            if (isFailing) return
            queue.stored()
            left -= records.length
          }
        })

      if (audit !== "off") {
        yield* Effect.gen(function* () {
          while (true) {
            yield* arrived.await
            yield* Effect.sleep(isFailing ? retryPause : pause)
            arrived.closeUnsafe()
            yield* flush(true)
            if (isFailing) arrived.openUnsafe()
          }
        }).pipe(Effect.forkScoped)
        yield* Effect.addFinalizer(() =>
          Effect.timeoutOption(flush(true), lastPatience).pipe(
            Effect.andThen(Effect.suspend(() => tellLost(queue.giveUp()))),
          ),
        )
      }

      const note = (who: Who, serverId: string, act: AuditAct) => {
        if (audit === "off") return
        queue.act(who, serverId, act, clock.currentTimeMillisUnsafe())
        arrived.openUnsafe()
      }

      const list = Effect.fnUntraced(function* (
        { organizationId }: Actor,
        serverId: string,
        { before, limit = 100 }: Partial<AuditPage> = {},
      ) {
        // What has happened on this node is in it.
        yield* flush(false)
        const records = yield* store.list(organizationId, serverId, { before, limit })
        if (records.length > 0) return records
        const all = before === undefined ? records : yield* store.list(organizationId, serverId, { limit: 1 })
        // A server of which nothing is recorded has to be there.
        if (all.length === 0) yield* servers.get(organizationId, serverId)
        return records
      })

      return Audit.of({
        recorded: (who, serverId, doing, actOf) => {
          const all = Effect.tap(doing, (result) => {
            const act = actOf(result)
            if (act === undefined) return Effect.void
            note(who, serverId, act)
            // What a server does by itself keeps nobody waiting.
            return act.action === "tools_changed" ? Effect.void : flush(false)
          })
          // In a fiber of its own: where nothing could be interrupted, no store could give up what takes too long.
          return Effect.uninterruptibleMask((restore) =>
            Effect.flatMap(Effect.forkIn(Effect.interruptible(all), scope), (fiber) =>
              restore(Fiber.join(fiber)),
            ),
          )
        },
        note,
        ran: (who, { server, tool }, outcome) => {
          if (audit !== "all") return
          queue.ran(who, server.id, tool, outcome, clock.currentTimeMillisUnsafe())
          arrived.openUnsafe()
        },
        list: limited("requests", list),
      })
    }),
  )
}

/** In one statement. */
const batch = 500
/** In which runs are counted. */
const pause = Duration.seconds(1)
const retryPause = Duration.seconds(5)
/** What a host that closes has for what is left. */
const lastPatience = Duration.seconds(5)

/** @param first why the first attempt of several in a row has failed. */
const tellFailed = Effect.fnUntraced(function* (records: number, first: Cause.Cause<StoreError> | undefined) {
  yield* count(auditFailures, 1)
  yield* logEvent("audit_failed", { records })
  if (first === undefined) return
  yield* Effect.logError("Audit records could not be stored. They are kept, and it is tried again.", first)
})

const tellLost = Effect.fnUntraced(function* (records: number) {
  if (records === 0) return
  yield* count(auditLost, records)
  yield* logEvent("audit_lost", { records })
  yield* Effect.logError(`${records} audit records are lost: the store does not take them.`)
})

const count = (metric: typeof auditLost, amount: number): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    if (isMeasured(fiber)) metric.update(amount, {}, fiber.context)
    return Effect.void
  })

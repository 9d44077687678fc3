import { signIn } from "@mooring/testkit"
import { expect } from "vitest"
import type { ConnectStream } from "../../../testkit/test/sign-in/ConnectStream.ts"
import type { SignInUser } from "../../../testkit/test/sign-in/SignInUser.ts"
import { cutOffWrite } from "./cutOffWrite.ts"
import type { lightServers } from "./lightServers.ts"
import type { HostProcess } from "./startHostProcess.ts"

/** Two hosts, of which the first one is killed, and somebody who signs in. */
export interface Scene {
  readonly url: string
  readonly servers: Awaited<ReturnType<typeof lightServers>>
  readonly killed: HostProcess
  readonly other: HostProcess
  readonly organization: string
  readonly userAt: (host: HostProcess) => SignInUser
  readonly serverId: string
}

/** What is in the database of a sign-in: how far it has come, if it is there, and whether its credential is. */
interface Left {
  readonly signIns: ReadonlyArray<"waiting" | "exchanging" | "completed">
  readonly credentials: number
}

/** A moment of a sign-in. */
export interface Step {
  /** Brings the sign-in there and kills the host. The result is the stream of the other one, where somebody watches it there. */
  readonly kill: (scene: Scene) => Promise<ConnectStream | undefined>
  readonly left: Left
}

const watch = ({ serverId, userAt }: Scene, host: HostProcess) => userAt(host).connect(serverId)

/** Somebody watches on the other host; the callback arrives at the one that is going to be killed. */
const exchange = async (scene: Scene, kill: () => Promise<void>): Promise<ConnectStream> => {
  const stream = await watch(scene, scene.other)
  const callback = await signIn(await stream.authorizationUrl())
  const answer = scene.killed.callBack(callback).catch(() => "none")
  await kill()
  expect(await answer).toBe("none")
  // The user loads the page again. The code may have been used up: nobody tries it twice.
  expect(await scene.other.callBack(callback)).toBe(410)
  return stream
}

const exchangeUntil =
  (step: "tokens" | "tokens sent"): Step["kill"] =>
  (scene) => {
    const { reached } = scene.servers.holds.at(step)
    return exchange(scene, async () => {
      await reached
      await scene.killed.kill()
    })
  }

const exchangeUntilWrite =
  (table: string): Step["kill"] =>
  (scene) => {
    const { reached, release } = scene.servers.holds.at("tokens sent")
    return exchange(scene, async () => {
      await reached
      await cutOffWrite(scene.url, table, release, scene.killed.kill)
    })
  }

const beginUntil =
  (step: "metadata" | "registration"): Step["kill"] =>
  async (scene) => {
    const { reached } = scene.servers.holds.at(step)
    await watch(scene, scene.killed)
    await reached
    await scene.killed.kill()
    return undefined
  }

/** The moments before there is a credential: whoever was signing in does it once more. */
export const stepsToRepeat = {
  "while it finds out where to sign in": {
    kill: beginUntil("metadata"),
    left: { signIns: [], credentials: 0 },
  },
  "while it becomes known to the authorization server": {
    kill: beginUntil("registration"),
    left: { signIns: [], credentials: 0 },
  },
  "when it has said where to sign in": {
    kill: async (scene) => {
      await (await watch(scene, scene.killed)).until("authorization_url")
      await scene.killed.kill()
      return undefined
    },
    left: { signIns: ["waiting"], credentials: 0 },
  },
  "while the authorization server looks at the code": {
    kill: exchangeUntil("tokens"),
    left: { signIns: ["exchanging"], credentials: 0 },
  },
  "while the tokens are on their way": {
    kill: exchangeUntil("tokens sent"),
    left: { signIns: ["exchanging"], credentials: 0 },
  },
  "before it has stored the tokens": {
    kill: exchangeUntilWrite("mooring_credentials"),
    left: { signIns: ["exchanging"], credentials: 0 },
  },
} satisfies Readonly<Record<string, Step>>

/** The moments from which on whoever was signing in is signed in. */
export const stepsPast = {
  "while the user is away, who then comes back to the other one": {
    kill: async (scene) => {
      const stream = await watch(scene, scene.killed)
      await stream.until("waiting_for_auth")
      const callback = await signIn(await stream.authorizationUrl())
      await scene.killed.kill()
      expect(await scene.other.callBack(callback)).toBe(200)
      return undefined
    },
    left: { signIns: ["completed"], credentials: 1 },
  },
  "when it has stored the tokens, and not yet that it has": {
    kill: exchangeUntilWrite("mooring_authorizations"),
    left: { signIns: ["exchanging"], credentials: 1 },
  },
  "before it has told of the success": {
    kill: async (scene) => {
      const stream = await watch(scene, scene.killed)
      const callback = await signIn(await stream.authorizationUrl())
      const { reached } = scene.servers.holds.at("list")
      expect(await scene.other.callBack(callback)).toBe(200)
      await reached
      await scene.killed.kill()
      return undefined
    },
    left: { signIns: ["completed"], credentials: 1 },
  },
} satisfies Readonly<Record<string, Step>>

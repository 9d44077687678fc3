import { addressOf, publicTargets, type Target } from "./ForbiddenTargets.ts"
import { homeAddress, openSteeredHost, type SteeredHost } from "./SteeredHost.ts"
import type { WayToSteer } from "./waysToSteer.ts"

/** What came of steering a host to everybody whom it must not reach, and to some whom it may. */
export interface Steered {
  readonly attempts: number
  /** What was dialled and must not be, as `way, form: host (dialled address)`. */
  readonly reached: ReadonlyArray<string>
  /** Controls that nobody dialled. */
  readonly refused: ReadonlyArray<string>
  /** Attempts by which nothing was put to the test, because the servers of the test were not asked. */
  readonly idle: ReadonlyArray<string>
}

/** How a target stands in a URL. */
const allForms = ["literal", "name", "one of two addresses", "rebound", "redirect"] as const
export type Form = (typeof allForms)[number]

/** Everything by everything: each way, each form, each target, one after the other. */
export const steerEverywhere = async (
  ways: ReadonlyArray<WayToSteer>,
  targets: ReadonlyArray<Target>,
  controls: ReadonlyArray<string> = publicTargets,
  forms: ReadonlyArray<Form> = allForms,
): Promise<Steered> => {
  const controlAddresses = new Set(controls.map(addressOf).filter((address) => address !== undefined))
  await using host = await openSteeredHost(controlAddresses)
  const found = {
    attempts: 0,
    reached: new Array<string>(),
    refused: new Array<string>(),
    idle: new Array<string>(),
  }

  for (const way of ways) {
    for (const form of forms) {
      for (const { host: target } of targets) {
        host.begin()
        const origin = originOf(host, form, target, homeAddress)
        if (origin === undefined) continue
        found.attempts += 1
        const { dialled, resolved } = await attempt(host, way, origin)
        const wrong = dialled.filter(({ address }) => address !== homeAddress)
        for (const { address } of wrong) found.reached.push(`${way.name}, ${form}: ${target} (${address})`)
        const address = addressOf(target)
        const isTried =
          form === "literal" || form === "redirect" || resolved.some(([, all]) => all.includes(address ?? ""))
        if (way.reachesPublic && form !== "rebound" && !isTried)
          found.idle.push(`${way.name}, ${form}: ${target}`)
      }
      if (!way.reachesPublic || form === "redirect") continue
      for (const control of controls) {
        host.begin()
        const address = addressOf(control)
        const origin = originOf(host, form, control, control)
        if (origin === undefined) continue
        const { dialled, end } = await attempt(host, way, origin)
        if (!dialled.some((each) => each.address === address))
          found.refused.push(`${way.name}, ${form}: ${control} (${end})`)
      }
    }
  }
  return found
}

const attempt = async (host: SteeredHost, way: WayToSteer, origin: string) => {
  const end = await way.to(host, origin)
  return { end, dialled: [...host.internet.dialled], resolved: [...host.internet.resolved] }
}

let names = 0

/** The origin by which a target is named; undefined where a form has none for it. */
const originOf = (host: SteeredHost, form: Form, target: string, other: string): string | undefined => {
  const address = addressOf(target)
  if (form === "literal") return `https://${target}`
  if (form === "redirect") {
    host.steer({ hop: `https://${target}/mcp` })
    return "https://hop.example"
  }
  if (address === undefined) return undefined
  const name = `n${(names += 1)}.example`
  const otherAddress = addressOf(other) ?? homeAddress
  if (form === "name") host.internet.name(name, [address])
  else if (form === "one of two addresses") host.internet.name(name, [otherAddress, address])
  else host.internet.name(name, [otherAddress], [address])
  return `https://${name}`
}

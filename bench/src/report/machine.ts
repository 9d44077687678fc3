import { cpus, loadavg, totalmem } from "node:os"

/** What it was measured on, in one sentence. */
export const machine = (software: ReadonlyArray<string>): string => {
  const [cpu, ...others] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const used = [`Node ${process.versions.node}`, ...software].join(", ")
  return `${cpu?.model.trim() ?? "Unknown CPU"}, ${others.length + 1} cores, ${memory} GB, ${process.platform}; ${used}.`
}

/** How much else the machine had to do: the processes that wanted a core, over the last minute. */
export const load = (): string => loadavg()[0]?.toFixed(1) ?? "unknown"

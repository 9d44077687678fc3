import { benches } from "./benches.ts"
import { runBenches } from "./report/runBenches.ts"

await runBenches(benches, new URL("../RESULTS.md", import.meta.url), {
  title: "Results",
  command: "pnpm bench",
  about:
    "What is compared takes turns in one run, in random order, so that only the ratio counts: that of the medians, with the interval in which it lies with 95 %. Where nothing else is said, values are the median and the quartiles of single calls.",
  howToRun:
    "`npx -y pnpm@12.4.2 bench` runs everything and writes this page, `bench storage` what has that word in its name; the other sections stay. The exit code is 1 where a goal is missed. PostgreSQL is brought along. Libraries that do the same are measured where they are installed: by `npm install --ignore-scripts` in [peers](./peers). How a bench is made says [src/Bench.ts](./src/Bench.ts).",
})

import { battery } from "./battery.ts"
import { runBenches } from "../report/runBenches.ts"

// pnpm battery [words]: what hostile input must not do, at length. What is fast enough of it is in bench/test/battery,
// and runs with the other tests.

await runBenches(battery, new URL("../../BATTERY.md", import.meta.url), {
  title: "Battery",
  command: "pnpm battery",
  about:
    "What hostile servers, requests and answers must not bring about, counted. What of it is fast runs with the other tests too, from [test/battery](./test/battery).",
  howToRun:
    "`npx -y pnpm@12.4.2 battery` runs everything and writes this page, `battery egress` what has that word in its name; the other sections stay. The exit code is 1 where a goal is missed. PostgreSQL is brought along.",
})

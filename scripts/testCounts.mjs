// Prints "<passed> <failed>" of a JSON report of vitest. Plain JavaScript: it also runs on the system's older Node.
import { readFileSync } from "node:fs"

const { numFailedTests, numPassedTests, numTotalTests } = JSON.parse(readFileSync(process.argv[2], "utf8"))
if (!(numTotalTests > 0)) throw new Error("The report has no tests")
console.log(numPassedTests, numFailedTests)

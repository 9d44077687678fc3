export { expressConsole } from "./expressConsole.ts"
export { koaConsole, type KoaConsoleOptions } from "./koaConsole.ts"
export { mooringConsole, type ConsoleOptions, type MooringConsole } from "./mooringConsole.ts"

export { chromiumIsOptional } from "./chromiumIsOptional.ts"
export { findChromium } from "./findChromium.ts"
export { startChromium } from "./startChromium.ts"

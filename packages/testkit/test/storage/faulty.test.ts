import { expect, test } from "vitest"
import { auditFaults } from "./auditFaults.ts"
import { authorizationFaults } from "./authorizationFaults.ts"
import { credentialFaults } from "./credentialFaults.ts"
import { failingCases } from "./failingCases.ts"
import { grantSignalFaults } from "./grantSignalFaults.ts"
import { grantStorageFaults } from "./grantStorageFaults.ts"
import { memoryStorage } from "./memoryStorage.ts"
import { nodeFaults } from "./nodeFaults.ts"
import { rateLimitFaults } from "./rateLimitFaults.ts"
import { recordFaults } from "./recordFaults.ts"
import { serverFaults } from "./serverFaults.ts"
import { storageFaults } from "./storageFaults.ts"
import { toolFaults } from "./toolFaults.ts"

// The suite is worth what it finds: memory, with one thing wrong at a time.

const portFaults = {
  ...serverFaults,
  ...recordFaults,
  ...toolFaults,
  ...auditFaults,
  ...nodeFaults,
  ...credentialFaults,
  ...authorizationFaults,
  ...grantSignalFaults,
  ...rateLimitFaults,
}

test.each(Object.entries(portFaults))("the suite finds: %s", async (_, { fault, foundBy }) => {
  const failing = await failingCases(() => memoryStorage(fault), foundBy)
  expect(failing).toStrictEqual(expect.arrayContaining([...foundBy]))
})

const openFaults = { ...storageFaults, ...grantStorageFaults }

test.each(Object.entries(openFaults))("the suite finds: %s", async (_, { foundBy, open }) => {
  expect(await failingCases(open, foundBy)).toStrictEqual(expect.arrayContaining([...foundBy]))
})

import { expect, test } from "vitest"
import { findServerUser } from "../src/embedded/ServerUser.ts"

const root = "root:x:0:0:root:/root:/bin/bash"
const nobody = "nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin"
const postgres = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash"

test("the server runs as postgres where there is one, as nobody elsewhere", () => {
  expect(findServerUser([root, nobody, postgres, ""].join("\n"))).toEqual({ uid: 101, gid: 104 })
  expect(findServerUser([root, nobody].join("\n"))).toEqual({ uid: 65_534, gid: 65_533 })
  expect(findServerUser(root)).toBeUndefined()
})

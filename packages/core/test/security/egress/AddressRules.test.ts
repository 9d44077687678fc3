import { describe, expect, it } from "vitest"
import { isReachable, isWithin, parseRange } from "../../../src/security/egress/AddressRules.ts"
import type { AddressRange } from "../../../src/security/egress/AddressRules.ts"

const ranges = (...cidrs: ReadonlyArray<string>): ReadonlyArray<AddressRange> =>
  cidrs.map(parseRange).filter((range) => range !== undefined)

describe("isReachable", () => {
  it("refuses what is no address as a socket writes one", () => {
    for (const text of [
      "",
      "example.com",
      "127.1",
      "0x7f000001",
      "2130706433",
      "01.1.1.1",
      "8.8.8.8 ",
      "1.1.1",
      "::g",
    ]) {
      expect(isReachable(text), text).toBe(false)
    }
  })

  it("refuses addresses with a zone, which belong to one link", () => {
    expect(isReachable("fe80::1%eth0")).toBe(false)
    expect(isReachable("2606:4700:4700::1111%eth0")).toBe(false)
    expect(isReachable("2606:4700:4700::1111")).toBe(true)
  })

  it("is widened by ranges, and by no more than they contain", () => {
    const allowed = ranges("10.1.0.0/16", "fd00:1::/32")
    expect(isReachable("10.1.255.255", allowed)).toBe(true)
    expect(isReachable("::ffff:10.1.0.1", allowed)).toBe(true)
    expect(isReachable("64:ff9b::10.1.0.1", allowed)).toBe(true)
    expect(isReachable("fd00:1:ffff::1", allowed)).toBe(true)
    expect(isReachable("10.2.0.0", allowed)).toBe(false)
    expect(isReachable("10.0.255.255", allowed)).toBe(false)
    expect(isReachable("fd00:2::1", allowed)).toBe(false)
    expect(isReachable("::10.1.0.1", allowed)).toBe(false)
  })

  it("opens metadata services only by a range of exactly that address", () => {
    const wide = ranges("0.0.0.0/0", "::/0")
    for (const address of ["169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"]) {
      expect(isReachable(address, wide), address).toBe(false)
      expect(isReachable(address, ranges("169.254.169.253/32", "fd00:ec2::253/128")), address).toBe(false)
    }
    expect(isReachable("100.100.100.201", wide)).toBe(true)
    expect(isReachable("169.254.169.254", ranges("169.254.169.254/32"))).toBe(true)
    expect(isReachable("::ffff:169.254.169.254", ranges("169.254.169.254/32"))).toBe(true)
    expect(isReachable("fd00:ec2::254", ranges("fd00:ec2::254/128"))).toBe(true)
  })

  it("judges the embedded IPv4 address even where the host allows the range around it", () => {
    // RFC 6052, section 2.2: 10.1.2.3 and 8.8.8.8 under a prefix of 48 bits and under one of 96.
    const nat64 = ranges("64:ff9b:1::/48")
    expect(isReachable("64:ff9b:1:808:8:800::", nat64)).toBe(true)
    expect(isReachable("64:ff9b:1::808:808", nat64)).toBe(true)
    expect(isReachable("64:ff9b:1:a01:2:300::", nat64)).toBe(false)
    expect(isReachable("64:ff9b:1::a01:203", nat64)).toBe(false)
    // RFC 3056 and RFC 4380: 6to4; Teredo's server, and its client, which is stored inverted.
    expect(isReachable("2002:808:808::1", ranges("2002::/16"))).toBe(true)
    expect(isReachable("2002:a01:203::1", ranges("2002::/16"))).toBe(false)
    expect(isReachable("2001:0:808:808:0:0:f7f7:f7f7", ranges("2001::/32"))).toBe(true)
    expect(isReachable("2001:0:a01:203:0:0:f7f7:f7f7", ranges("2001::/32"))).toBe(false)
    expect(isReachable("2001:0:808:808:0:0:f5fe:fdfc", ranges("2001::/32"))).toBe(false)
    expect(isReachable("::808:808", ranges("::/96"))).toBe(true)
    expect(isReachable("::a01:203", ranges("::/96"))).toBe(false)
  })
})

describe("isWithin", () => {
  it("knows an IPv4 address in its mapped form", () => {
    const loopback = ranges("127.0.0.0/8")
    expect(isWithin("127.9.9.9", loopback)).toBe(true)
    expect(isWithin("::ffff:127.0.0.1", loopback)).toBe(true)
    expect(isWithin("::1", loopback)).toBe(false)
    expect(isWithin("localhost", loopback)).toBe(false)
  })
})

describe("parseRange", () => {
  it("takes whole addresses with a prefix length and nothing else", () => {
    for (const cidr of ["10.0.0.0/8", "127.0.0.1/32", "::1/128", "fd00::/8", "0.0.0.0/0"]) {
      expect(parseRange(cidr), cidr).toBeDefined()
    }
    for (const cidr of [
      "10/8",
      "10.0.0.0",
      "10.0.0.0/33",
      "010.0.0.0/8",
      "::/129",
      "localhost/8",
      "10.0.0.0/-1",
      "",
    ]) {
      expect(parseRange(cidr), cidr).toBeUndefined()
    }
  })
})

import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider"

/**
 * Where the authorization server keeps what it knows. The one that comes with it prints a warning, and can't be told
 * that a refresh token may be used again for a while. What has expired is kept: the server looks at the time itself.
 *
 * @param reuseGraceMs for how long a used refresh token still passes for unused.
 */
export function memoryAdapter(reuseGraceMs: number): AdapterFactory {
  return (model) => {
    const rows = new Map<string, AdapterPayload>()
    const usedAt = new Map<string, number>()

    const find = (id: string): AdapterPayload | undefined => {
      const row = rows.get(id)
      const used = usedAt.get(id)
      if (row === undefined || used === undefined) return row
      const isInGrace = model === "RefreshToken" && Date.now() < used + reuseGraceMs
      return isInGrace ? row : { ...row, consumed: Math.floor(used / 1000) }
    }

    const findBy = (isWanted: (row: AdapterPayload) => boolean): AdapterPayload | undefined => {
      for (const [id, row] of rows) if (isWanted(row)) return find(id)
      return undefined
    }

    const adapter: Adapter = {
      upsert: async (id, payload) => {
        rows.set(id, payload)
      },
      find: async (id) => find(id),
      findByUid: async (uid) => findBy((row) => row.uid === uid),
      findByUserCode: async (userCode) => findBy((row) => row.userCode === userCode),
      consume: async (id) => {
        if (!usedAt.has(id)) usedAt.set(id, Date.now())
      },
      destroy: async (id) => {
        rows.delete(id)
      },
      revokeByGrantId: async (grantId) => {
        for (const [id, row] of rows) if (row.grantId === grantId) rows.delete(id)
      },
    }
    return adapter
  }
}

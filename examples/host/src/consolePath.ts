/** Where the hosts have their console. */
export const consolePath = "/console"

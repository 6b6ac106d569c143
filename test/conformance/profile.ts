/** The two ways in which everything is converted: with the command's defaults, and with `--parity`. */
export const profiles = ['default', 'parity'] as const;
export type Profile = (typeof profiles)[number];

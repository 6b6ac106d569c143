/** What a completion script can be for: the shells, and kubectl, which asks a program of its own about a plugin. */
export const shells = ['bash', 'zsh', 'fish', 'kubectl'] as const;

export type Shell = (typeof shells)[number];

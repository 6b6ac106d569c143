import manifest from '../package.json' with { type: 'json' };

/** Of the package, taken when it is built. */
export const version: string = manifest.version;

/** An error that the user can do something about; its text is shown as it is, never with a stack trace. */
export class KnownError extends Error {
  /** What to do now, as one sentence or more. */
  readonly wayOut: string;

  constructor(message: string, wayOut: string) {
    super(message);
    this.name = new.target.name;
    this.wayOut = wayOut;
  }
}

/** The command line asks for something that does not exist or contradicts itself. */
export class UsageError extends KnownError {}

/** The config file or the controller's ConfigMap file is not what it has to be. */
export class ConfigError extends KnownError {}

/** Something could not be written; what was there before is untouched unless the message says otherwise. */
export class OutputError extends KnownError {}

/** The user, or the system, asked the process to stop. `exitCode` is 128 plus the signal's number. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted');
    this.exitCode = exitCode;
  }
}

/** The system's error code, as in `ENOENT`; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What a file-system error means, in words. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return (
    (code === undefined ? undefined : reasons[code]) ??
    (error instanceof Error ? error.message : String(error))
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EISDIR: 'it is a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or directory',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a directory',
  ENOTEMPTY: 'it appeared while we wrote',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
};

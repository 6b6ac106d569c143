import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { create } from 'tar';
import { ZipFile } from 'yazl';

/** Archives with the same files have the same bytes: sorted, of one time, of nobody. */
const time = new Date('2000-01-01T00:00:00Z');

/** @param file ends in .zip or .tar.gz, the two that krew unpacks */
export async function archive(file: string, folder: string, names: readonly string[]): Promise<void> {
  const sorted = [...names].sort();
  if (!file.endsWith('.zip')) {
    await create({ file, cwd: folder, portable: true, mtime: time, gzip: { level: 9 } }, sorted);
    return;
  }
  const zip = new ZipFile();
  for (const name of sorted)
    zip.addFile(join(folder, name), name, { mtime: time, mode: name.endsWith('.exe') ? 0o100755 : 0o100644 });
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(file)));
}

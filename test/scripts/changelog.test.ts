import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const lines = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8').split('\n');

it('the changelog has the sections of a release, in one order, and a list in each', () => {
  const releases = lines.filter((line) => line.startsWith('## '));
  expect(releases[0]).toBe('## [Unreleased]');
  for (const release of releases.slice(1))
    expect(release).toMatch(/^## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
  const order = [
    '### Added',
    '### Changed',
    '### Deprecated',
    '### Removed',
    '### Fixed',
    '### Security',
    '### Changed output',
  ];
  const sections = lines
    .filter((line) => /^##/.test(line))
    .join('\n')
    .split(/^## .*$/m)
    .slice(1);
  for (const section of sections) {
    const found = section.split('\n').filter((line) => line !== '');
    expect(found).toEqual(order.filter((name) => found.includes(name)));
  }
});

it('has one sentence or more for each change, and no gap in a list', () => {
  const text = lines.slice(lines.indexOf('## [Unreleased]')).join('\n');
  const items = text.split(/^- /m).slice(1);
  expect(items.length).toBeGreaterThan(20);
  for (const item of items) {
    const [body = ''] = item.split(/\n\n(?=##)/);
    expect(body.trimEnd()).toMatch(/\.$|\)\.$/);
    expect(body.trimEnd()).not.toContain('\n\n');
  }
});

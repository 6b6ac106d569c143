import { join } from 'node:path';
import { expect, it } from 'vitest';
import { classifier } from '../../../src/verify/log/classifier.ts';
import { literalsOfModel } from '../../../src/verify/log/literals.ts';
import { lineParser } from '../../../src/verify/log/parser.ts';
import { convertScenario } from '../../conformance/converted.ts';
import { ownScenarios } from '../../conformance/flags.ts';
import { readScenario } from '../../conformance/scenario.ts';
import { formatOfLogs, ownLogs, recordedLogs } from './logs.ts';

/** What the model says against what the real nginx logged; every exception is in the file. */
it.each(['default', 'json'])('the model explains what nginx logged: %s', async (kind) => {
  const exceptions: string[] = [];
  let [requests, explained] = [0, 0];
  for (const [name, lines] of recordedLogs(join(ownLogs, kind))) {
    const conversion = convertScenario(readScenario(join(ownScenarios, name)), 'default');
    const parser = lineParser(formatOfLogs(kind, conversion), literalsOfModel(conversion));
    const classify = classifier(conversion);
    for (const { probe, line } of lines) {
      const shape = parser.shapeOf(line);
      if (shape === undefined) {
        exceptions.push(`${name} [${probe}]: no request`);
        continue;
      }
      requests++;
      const { explained: is, judged } = classify(parser.recordOf(shape, parser.lastPath()));
      if (is) explained++;
      else
        exceptions.push(
          `${name} [${probe}]: expected ${JSON.stringify(judged[0]?.candidate.expected.route)}`,
        );
    }
  }
  expect(explained / requests).toBeGreaterThan(0.99);
  await expect(`${exceptions.join('\n')}\n`).toMatchFileSnapshot(`explained.${kind}.txt`);
});

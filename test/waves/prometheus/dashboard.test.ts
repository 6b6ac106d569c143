import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { toYaml } from '../../../src/emit/yaml.ts';
import { alertingRules, alertPrefix } from '../../../src/waves/prometheus/alerts.ts';
import { dashboardOf } from '../../../src/waves/prometheus/dashboard.ts';
import { recorded } from '../../../src/waves/prometheus/recordings.ts';
import { temporaryDirectory } from '../../output/temporary.ts';
import schema from './grafana-dashboard.schema.json' with { type: 'json' };
import { promtool, withoutPromtool } from './promtool.ts';

/** Grafana's own types check the object when it compiles; the schema checks the JSON. */
const dashboard = dashboardOf('12');
const json = JSON.parse(JSON.stringify(dashboard));
const panels = dashboard.panels ?? [];
const expressions = panels
  .flatMap((panel) => ('targets' in panel ? (panel.targets ?? []) : []))
  .map(({ expr }) => String(expr));

describe('the dashboard', () => {
  const valid = new Ajv({ allowUnionTypes: true }).compile(schema);

  it('is one of Grafana', () => {
    expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ ...json, panels: [{ ...json.panels[0], datasources: 1 }] })).toBe(false);
    expect(valid({ ...json, schemaVersion: '39' })).toBe(false);
  });

  it('has panels that do not overlap, each with an id of its own', () => {
    const ids = panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos }) => {
      const { x, y, w, h } = gridPos!;
      return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
    for (const cell of cells) expect(Number(cell.split(',')[0])).toBeLessThan(24);
  });

  it('reads only what the rules of its wave record, and their alerts', () => {
    const names = new Set([...Object.values(recorded), 'ALERTS']);
    for (const expr of expressions) {
      expect(names).toContain(/^[\w:]+/.exec(expr)?.[0]);
      expect(expr).toContain('wave="12"');
    }
    for (const name of [recorded.requests, recorded.share, recorded.duration, 'ALERTS'])
      expect(expressions.some((expr) => expr.startsWith(`${name}{`))).toBe(true);
    for (const { alert } of alertingRules('12')) expect(alert.startsWith(alertPrefix)).toBe(true);
  });

  it.skipIf(withoutPromtool)('has expressions that Prometheus takes (needs promtool: prometheus)', () => {
    const directory = temporaryDirectory();
    const rules = expressions.map((expr, index) => ({
      record: `panel_${index}`,
      expr: expr.replaceAll('$host', '.+'),
    }));
    writeFileSync(join(directory, 'panels.yaml'), toYaml([{ groups: [{ name: 'panels', rules }] }]));
    expect(promtool(directory, 'check', 'rules', 'panels.yaml')).toEqual({
      status: 0,
      said: expect.stringContaining(`${expressions.length} rules found`),
    });
  });
});

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runHere } from '../cli/fake-terminal.ts';
import { type Mishap, status } from './api-server.ts';
import { environment, secretValue, shop, world } from './world.ts';

const refuse =
  (pattern: RegExp, code: number, reason: string): Mishap =>
  ({ url = '' }, response) => {
    if (!pattern.test(url)) return false;
    const body = status(code, reason, `not for you: \u001b[2J`);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  };

it('finds the real kubectl', () => {
  expect(spawnSync('kubectl', ['version', '--client']).status).toBe(0);
});

describe('a live cluster', () => {
  it('is converted like a dump of it, and only asked what is needed', async () => {
    const { server, env } = await world(shop());
    const { code, stdout, stderr } = await runHere(['convert', '-A'], { env });
    expect([code, stderr.match(/^error.*/m)]).toEqual([0, null]);
    expect(stdout).toContain('- web-0.example.com');
    expect(stdout).toContain('x-team: shop');
    expect(stdout).toContain('x-more: more');
    expect(stdout).toContain('host: web.shop.svc.cluster.local');
    expect(server.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
    expect(server.requests.filter((request) => request.includes('configmaps')).sort()).toEqual([
      'GET /api/v1/namespaces/ingress-nginx/configmaps/more',
      'GET /api/v1/namespaces/ingress-nginx/configmaps/settings',
      'GET /api/v1/namespaces/shop/configmaps/headers',
    ]);
  });

  it('is never asked for the data of a Secret', async () => {
    const { server, env } = await world(shop());
    const { stdout, stderr } = await runHere(['convert', '-A', '--parity'], { env });
    const secrets = server.requests.filter((request) => request.includes('/secrets'));
    expect(secrets).toEqual(['GET /api/v1/secrets?limit=500 table']);
    expect(server.sent.filter((text) => text.includes('"tls.key":"')).length).toBe(0);
    expect(stdout + stderr).not.toContain(secretValue);
    expect(stderr).not.toContain('check/secret-missing');
  });

  it('comes page by page', async () => {
    const { server, env } = await world(shop(7), { largestPage: 3 });
    const { code, stdout } = await runHere(['convert', '-A'], { env });
    expect(code).toBe(0);
    for (let index = 0; index < 7; index++) expect(stdout).toContain(`- web-${index}.example.com`);
    const pages = server.requests.filter((request) => request.includes('/ingresses?'));
    expect(pages.map((request) => /continue=(\d+)/.exec(request)?.[1])).toEqual([undefined, '3', '6']);
  });

  it('is read in the namespaces that are named alone', async () => {
    const { server, env } = await world(shop(2));
    const { stdout } = await runHere(['convert', '-n', 'shop'], { env });
    expect(stdout).toContain('web-0.example.com');
    expect(stdout).not.toContain('web-1.example.com');
    expect(server.requests).not.toContain('GET /apis/networking.k8s.io/v1/ingresses?limit=500');
  });

  it('is chosen as kubectl chooses it', async () => {
    const { env } = await world(shop());
    const kubeconfig = env['KUBECONFIG']!;
    const elsewhere = { ...env, KUBECONFIG: '/nowhere' };
    const chosen = ['convert', '--context', 'test', '--kubeconfig', kubeconfig];
    expect((await runHere(chosen, { env: elsewhere })).stdout).toContain('web-0.example.com');
    const unknown = await runHere(['convert', '--context', 'prod'], { env });
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('kubectl config get-contexts');
  });

  it('shows places as kubectl prints them', async () => {
    const objects = shop();
    const ingress = objects['/apis/networking.k8s.io/v1/ingresses']![0]!;
    const spoiled = {
      ...ingress,
      metadata: { ...ingress.metadata, annotations: { 'nginx.ingress.kubernetes.io/ssl-redirekt': 'x' } },
    };
    const { env } = await world({ ...objects, '/apis/networking.k8s.io/v1/ingresses': [spoiled] });
    const { stdout } = await runHere(['report', '-A'], { env });
    expect(stdout).toContain('cluster/shop/ingress/web-0:6:');
  });

  it('begins a list again whose place was lost', async () => {
    let lost = 0;
    const { env, server } = await world(shop(5), {
      largestPage: 3,
      mishap: (request, response) =>
        request.url?.includes('continue=3') === true &&
        lost++ === 0 &&
        refuse(/ingresses/, 410, 'Expired')(request, response),
    });
    const { code, stdout } = await runHere(['convert', '-A'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('- web-4.example.com');
    expect(server.requests.filter((request) => request.includes('/ingresses?')).length).toBe(4);
  });

  it.each([
    [['virtualservices', 'secrets', 'configmaps'], 0, 'warning'],
    [['services'], 1, 'error'],
    [['ingresses'], 1, 'error'],
  ])('goes on where %j may not be listed', async (plurals, code, severity) => {
    const objects = { ...shop(), '/apis/networking.istio.io/v1/virtualservices': [] };
    const { env } = await world(objects, {
      mishap: refuse(new RegExp(`/(?:${plurals.join('|')})[?/]`), 403, 'Forbidden'),
    });
    const result = await runHere(['convert', '-A'], { env });
    expect(result.code).toBe(code);
    for (const plural of plurals) {
      expect(result.stderr).toMatch(
        new RegExp(`^ +${severity} You may not list ${plural} in.* cluster/forbidden(?:-essential)?$`, 'm'),
      );
      if (code === 1) expect(result.stderr).toContain(`kubectl auth can-i list ${plural}`);
    }
    expect(result.stderr).not.toContain('\u001b');
    if (code === 0 || plurals.includes('services')) expect(result.stdout).toContain('web-0.example.com');
  });

  it('works with a server that knows no Istio and no cert-manager', async () => {
    const { env } = await world(shop());
    const { stderr } = await runHere(['convert', '-A'], { env });
    expect(stderr).not.toMatch(/^(?:error|warning|note) cluster\//m);
  });

  it('says so where there are no Ingresses at all', async () => {
    const { '/apis/networking.k8s.io/v1/ingresses': _left, ...objects } = shop();
    const { env } = await world(objects);
    const { code, stderr } = await runHere(['convert', '-A'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('cluster/no-ingress-api');
  });
});

describe('a cluster that does not work', () => {
  const garbage: Mishap = ({ url = '' }, response) => {
    if (!url.includes('/services')) return false;
    response.writeHead(200, { 'content-type': 'application/json' }).end('<html>captive portal</html>');
    return true;
  };
  const noList: Mishap = ({ url = '' }, response) => {
    if (!url.includes('/services')) return false;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"ServiceList","items":7}');
    return true;
  };
  const endless: Mishap = ({ url = '' }, response) => {
    if (!url.includes('/services')) return false;
    const body = { kind: 'ServiceList', apiVersion: 'v1', metadata: { continue: 'again' }, items: [] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  };
  const closing: Mishap = ({ url = '', socket }) => {
    if (!url.includes('/services')) return false;
    socket.destroy();
    return true;
  };

  it.each<[string, Mishap, RegExp]>([
    [
      'a server that fails',
      refuse(/services/, 500, 'InternalError'),
      /doesn't respond to .*kubectl get --raw/s,
    ],
    ['an expired login', refuse(/services/, 401, 'Unauthorized'), /can't authenticate you.*Log in again/s],
    ['an answer that is no JSON', garbage, /not what an API server sends/],
    ['an answer that is no list', noList, /the answer is no list/],
    ['pages without an end', endless, /pages have no end/],
    ['a connection that closes', closing, /cluster (?:cannot be reached|does not answer)/],
  ])('ends with an error and a way out: %s', async (_name, mishap, said) => {
    const { env } = await world(shop(), { mishap });
    const { code, stdout, stderr } = await runHere(['convert', '-A'], { env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/\n {2}→ /);
    expect(stderr).not.toMatch(/internal error|\u001b|\n\s+at /);
  });

  it('is forgiven one failure', async () => {
    let failures = 0;
    const { env } = await world(shop(), {
      mishap: (request, response) =>
        request.url?.includes('/services') === true &&
        failures++ === 0 &&
        refuse(/services/, 500, 'InternalError')(request, response),
    });
    expect((await runHere(['convert', '-A'], { env })).code).toBe(0);
  });

  it('may be slow', async () => {
    const { env } = await world(shop(), {
      mishap: (request, response) => {
        if (request.url?.includes('/services') !== true) return false;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"kind":"ServiceList","apiVersion":"v1",');
        setTimeout(() => response.end('"metadata":{},"items":[]}'), 300);
        return true;
      },
    });
    expect((await runHere(['convert', '-A'], { env })).stdout).toContain('web-0.example.com');
  });

  it('cannot be reached', async () => {
    const { server, env } = await world(shop());
    await server.close();
    const { code, stderr } = await runHere(['convert', '-A'], { env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/The cluster cannot be reached.*→ Check the network/s);
  });

  it('has no kubectl', async () => {
    const { code, stderr } = await runHere(['convert', '-A'], {
      env: { ...environment('http://127.0.0.1:1'), PATH: '/nowhere' },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/kubectl was not found.*→ Install kubectl/s);
  });

  it('has no kubeconfig', async () => {
    const { code, stderr } = await runHere(['convert', '-A', '--kubeconfig', '/nowhere/config'], {
      env: environment('http://127.0.0.1:1'),
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/→ /);
    expect(stderr).not.toContain('internal error');
  });
});

describe('flags of a cluster', () => {
  it.each([
    [['convert', '-A', 'dump.yaml'], /Both files and a cluster/],
    [['convert', '-A', '-n', 'shop'], /Both -A and -n/],
    [['convert', '-n', '--server=evil'], /value is missing|cannot be/],
    [['convert', '-n', '../x'], /-n cannot be/],
    [['convert', '--context', 'a', '--context', 'b'], /--context is given twice/],
  ])('%j', async (args, said) => {
    const { code, stderr } = await runHere(args, { env: environment('http://127.0.0.1:1') });
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });
});

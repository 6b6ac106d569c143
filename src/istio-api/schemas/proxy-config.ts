import { anyText, closed, count, kindSchema, map, oneOf, workloadSelector } from './shapes.ts';

export const proxyConfig = kindSchema(
  'ProxyConfig',
  ['networking.istio.io/v1beta1'],
  closed({
    selector: workloadSelector,
    concurrency: count,
    environmentVariables: map(anyText),
    image: closed({ imageType: oneOf('default', 'debug', 'distroless') }),
  }),
);

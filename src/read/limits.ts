/** Levels of nesting; the deepest object of Kubernetes or Istio that we look at has about 20. */
export const MAX_DEPTH = 256;

/** Characters that aliases may add to a text: the API server takes no object over 3 MiB (k8s.io/apiserver, limitedReadBody). */
export const MAX_EXPANSION = 3 * 1024 * 1024;

/** Bytes of one file; a dump of 100,000 Ingresses has about 170 MB. V8 holds no string over 512 MiB. */
export const MAX_FILE_BYTES = 400 * 1024 * 1024;

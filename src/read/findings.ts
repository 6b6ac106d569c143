import { documentFindingTypes } from './findings/documents.ts';
import { fileFindingTypes } from './findings/files.ts';
import { ingressFindingTypes } from './findings/ingress.ts';
import { objectFindingTypes } from './findings/objects.ts';

/** Every finding type of the reader, for the table of all. */
export const readFindingTypes = [
  ...fileFindingTypes,
  ...documentFindingTypes,
  ...objectFindingTypes,
  ...ingressFindingTypes,
];

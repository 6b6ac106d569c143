import { xmlAttribute } from '../../text/escape.ts';

/** Text of HTML, between tags and inside double quotes. */
export function htmlText(text: string, longest?: number): string {
  return xmlAttribute(text, longest);
}

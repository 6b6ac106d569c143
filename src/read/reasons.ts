/** js-yaml's reasons in words for somebody who does not know its terms; the first that fits. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^bad indentation of a (mapping|sequence) entry/, 'this line is indented differently from its neighbours'],
  [
    /^deficient indentation/,
    'this line is indented too little for the value it continues, or a quote or bracket before it was never closed',
  ],
  [/multiline key/, 'a ":" is missing on this line or the line before'],
  [/^expected ':' after/, 'a ":" is missing after the key'],
  [/^a whitespace character is expected after the key-value/, 'a space is missing after ":"'],
  [/^missed comma/, 'a comma is missing between two entries in brackets'],
  [/^expected the node content/, 'a value is missing before the comma'],
  [
    /^unexpected end of the (stream|document) within a (single|double) quoted/,
    'a quote is opened and never closed',
  ],
  [/^unexpected end of the stream within a flow/, 'a bracket is opened and never closed'],
  [
    /^unknown escape sequence|^expected hexadecimal/,
    'a double-quoted string contains a backslash that isn\'t an escape; write "\\\\" or use single quotes',
  ],
  [/non-printable|null byte|valid JSON character/, 'it contains a control character'],
  [
    /^unidentified alias/,
    'it uses an alias ("*name") without its anchor ("&name"); a string that begins with "*" needs quotes',
  ],
  [
    /^end of the stream or a document separator/,
    'this line belongs to nothing: it is indented less than what comes before',
  ],
  [/tag/, 'it contains a YAML tag ("!…") that Kubernetes doesn\'t support'],
  [
    /block scalar|line break is expected|chomping mode|indentation width/,
    'the header of a block of text ("|" or ">") is wrong',
  ],
  [/complex keys/, 'a list or mapping is where a key should be; a string that begins with "{" needs quotes'],
  [/anchor|alias/, 'an anchor or alias is written wrongly'],
  [/merge mappings/, '"<<" merges something that is not a mapping'],
  [/directive/, 'a line that begins with "%" is wrong'],
];

export function inOurWords(reason: string): string {
  return WORDS.find(([pattern]) => pattern.test(reason))?.[1] ?? reason;
}

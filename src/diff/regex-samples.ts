/** Most samples of one pattern. */
const mostSamples = 8;
const longestSample = 300;

/**
 * Some texts that a regular expression may match: each alternative once, each group, class and quantifier with its least
 * and with one more. A guess: whoever uses a text asks the pattern itself. Never throws.
 */
export function samplesOf(pattern: string): string[] {
  const state = { text: pattern.replace(/^\(\?i\)/, ''), at: 0 };
  const samples = alternatives(state, 0);
  return [...new Set(samples)].filter((sample) => sample.length <= longestSample).slice(0, mostSamples);
}

interface State {
  readonly text: string;
  at: number;
}

function alternatives(state: State, depth: number): string[] {
  const all: string[] = [];
  for (;;) {
    all.push(...sequence(state, depth));
    if (state.text[state.at] !== '|') break;
    state.at++;
  }
  return all.slice(0, mostSamples * 2);
}

function sequence(state: State, depth: number): string[] {
  let samples = [''];
  while (state.at < state.text.length && !'|)'.includes(state.text[state.at]!)) {
    const atom = quantified(state, atomOf(state, depth));
    // Every sample with the first way of the atom, and the first sample with every way of it.
    const [first = '', ...others] = atom;
    samples = [
      ...samples.map((sample) => sample + first),
      ...others.map((other) => (samples[0] ?? '') + other),
    ].slice(0, mostSamples);
    if (samples.some((sample) => sample.length > longestSample)) return samples;
  }
  return samples;
}

function atomOf(state: State, depth: number): string[] {
  const { text } = state;
  const char = text[state.at++]!;
  if (char === '(') {
    const special = /^\?(?:P?<[A-Za-z_]\w*>|[a-zA-Z-]*:|[a-zA-Z-]+\)|[=!]|<[=!])/.exec(
      text.slice(state.at),
    )?.[0];
    if (special !== undefined) state.at += special.length;
    if (special?.endsWith(')')) return [''];
    const inner = depth > 50 ? [''] : alternatives(state, depth + 1);
    if (text[state.at] === ')') state.at++;
    return special === '?!' || special === '?<!' || special === '?=' || special === '?<=' ? [''] : inner;
  }
  if (char === '[') return [classSample(state)];
  if (char === '.') return ['x'];
  if (char === '^' || char === '$') return [''];
  return char === '\\' ? [escapeSample(state)] : [char];
}

function escapeSample(state: State): string {
  const char = state.text[state.at++] ?? '';
  const known: Readonly<Record<string, string>> = {
    d: '1',
    w: 'a',
    s: ' ',
    S: 'a',
    W: '-',
    D: 'a',
    b: '',
    B: '',
    A: '',
    z: '',
    Z: '',
  };
  return known[char] ?? char;
}

function classSample(state: State): string {
  const { text } = state;
  const end = text.indexOf(']', state.at + (/^\^?\]/.exec(text.slice(state.at))?.[0].length ?? 0));
  const inner = text.slice(state.at, end === -1 ? text.length : end);
  state.at = end === -1 ? text.length : end + 1;
  const candidates = ['a', '1', 'A', '-', '_', '.', '/', ' ', inner[0] ?? ''];
  try {
    const matcher = new RegExp(`^[${inner}]$`);
    return candidates.find((candidate) => matcher.test(candidate)) ?? inner[0] ?? '';
  } catch {
    return inner[0] ?? '';
  }
}

function quantified(state: State, atom: readonly string[]): string[] {
  const quantifier = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})[?+]?/.exec(state.text.slice(state.at));
  if (quantifier === null) return [...atom];
  state.at += quantifier[0].length;
  const least = quantifier[1] === undefined ? undefined : Math.min(Number(quantifier[1]), 20);
  if (least !== undefined) return atom.map((one) => one.repeat(least));
  return quantifier[0].startsWith('+') ? [...atom] : [...atom, ''];
}

/** JSON with sorted keys: equal values give equal text. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    if (part !== undefined) members.push(`${JSON.stringify(key)}:${canonical(part)}`);
  }
  return `{${members.join(',')}}`;
}

export function isEmpty(value: object): boolean {
  for (const _field in value) return false;
  return true;
}

export type Labels = ReadonlyMap<string, string>;

/** One condition of a label selector, in the words of its text form and of `matchExpressions`, in lower case. */
export interface LabelRequirement {
  readonly key: string;
  /** Any other one is met by nothing. */
  readonly operator: string;
  readonly values: readonly string[];
}

/** apimachinery, labels/selector.go Requirement.Matches. */
export function meets(labels: Labels, { key, operator, values }: LabelRequirement): boolean {
  const value = labels.get(key);
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'doesnotexist':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'lt':
      return value !== undefined && Number(value) < Number(values[0]);
    case 'gt':
      return value !== undefined && Number(value) > Number(values[0]);
    default:
      return false;
  }
}

/** `1 file`, `10,000 files` */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${amount === 1 ? one : many}`;
}

/** With a comma after each three digits. */
export function number(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
}

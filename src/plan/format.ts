/** A text that Envoy takes as it stands: `%` begins a formatter in header values (istio/FACTS g). */
export function literal(text: string): string {
  return text.replaceAll('%', '%%');
}

/** A page of the reference; `render` is called when Eleventy writes it. */
export interface ReferencePage {
  readonly path: string;
  readonly title: string;
  readonly order?: number;
  readonly entry?: { readonly list: string; readonly group: string };
  render(): string;
}

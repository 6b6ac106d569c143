/** What the search finds: a page, or a section of one. */
export interface SearchEntry {
  readonly page: string;
  readonly title: string;
  /** The page of a section, or what the page is about. */
  readonly of: string;
  readonly text: string;
}

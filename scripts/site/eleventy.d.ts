// Eleventy has no types of its own: what is used of it.
declare module '@11ty/eleventy' {
  import type { MarkdownIt } from './markdown.ts';

  export interface Result {
    readonly url: string;
    readonly content: string;
  }

  export interface UserConfig {
    setTemplateFormats(formats: readonly string[]): void;
    setUseGitIgnore(use: boolean): void;
    amendLibrary(name: 'md', change: (markdown: MarkdownIt) => void): void;
    addPreprocessor(name: string, extension: string, change: (data: object, content: string) => string): void;
    addTemplate(path: string, content: string | ((data: never) => string), data: object): void;
    addGlobalData(name: string, value: unknown): void;
    on(event: 'eleventy.after', act: (event: { readonly results: readonly Result[] }) => Promise<void>): void;
  }

  export default class Eleventy {
    constructor(
      input: string,
      output: string,
      options: {
        readonly quietMode: boolean;
        readonly configPath: string;
        config(config: UserConfig): void;
      },
    );
    disableLogger(): void;
    init(): Promise<void>;
    write(): Promise<void>;
    watch(): Promise<void>;
    serve(port: number): void;
  }
}

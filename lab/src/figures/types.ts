/** What a figure host is given, and what it tells the function that draws. */
export interface Size {
  readonly width: number;
  readonly height: number;
  /** Drawn for a file: light, and without what only a page uses. */
  readonly print: boolean;
}
/** The text of a CSV file, made when it is asked for. */
export type Table = () => string | Promise<string>;
export type Draw = (size: Size) => string;

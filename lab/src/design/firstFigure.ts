/** The moment of the first figure: what is not needed for it waits until then. */
let tell: () => void = () => {};
export const firstFigure: Promise<void> = new Promise((resolve) => {
  tell = resolve;
});
/** Said by every figure that has been drawn. */
export function figureDrawn(): void {
  tell();
}

// The page's colours for the canvas, which knows no custom properties; read again when the scheme changes.

export type Colors = (name: string) => string;

export function readColors(element: Element): Colors {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  return (name) => {
    const value = known.get(name) ?? style.getPropertyValue(name).trim();
    known.set(name, value);
    return value;
  };
}

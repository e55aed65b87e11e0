// The connection map as a picture to take along: SVG with its looks in it, or PNG.

/** What of an element's looks is in a picture. */
const LOOKS = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "paint-order",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
];

/** How many pixels of a PNG a unit of the map is. */
const SCALE = 2;

const SVG = "http://www.w3.org/2000/svg";

/** The map as it shows, standing on its own. */
const drawn = (): { text: string; width: number; height: number } | undefined => {
  const shown = [...document.querySelectorAll<SVGSVGElement>(".map > svg")].find((one) => one.clientWidth > 0);
  if (!shown) return undefined;
  const copy = shown.cloneNode(true) as SVGSVGElement;
  const from = [...shown.querySelectorAll("*")];
  const to = [...copy.querySelectorAll("*")];
  const looks = (original: Element, copied: Element) => {
    const style = getComputedStyle(original);
    for (const name of LOOKS) copied.setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "tabindex", "role", "aria-label", "aria-labelledby"]) copied.removeAttribute(name);
  };
  from.forEach((original, at) => {
    const copied = to[at];
    if (copied) looks(original, copied);
  });
  looks(shown, copy);
  const { width, height } = shown.viewBox.baseVal;
  const ground = document.createElementNS(SVG, "rect");
  ground.setAttribute("width", `${width}`);
  ground.setAttribute("height", `${height}`);
  ground.setAttribute("fill", getComputedStyle(document.documentElement).getPropertyValue("--ground").trim() || "#fff");
  copy.prepend(ground);
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("width", `${width}`);
  copy.setAttribute("height", `${height}`);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
};

const save = (blob: Blob, name: string): void => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

const png = async (text: string, width: number, height: number): Promise<Blob | null> => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
};

/** Copies the map as `svg`, or saves it as `png`; what became of it, in a sentence. */
export const picture = async (kind: string): Promise<string> => {
  const map = drawn();
  if (!map) return "There is no map to copy.";
  if (kind === "svg") {
    try {
      await navigator.clipboard.writeText(map.text);
      return "The map was copied as SVG.";
    } catch {
      save(new Blob([map.text], { type: "image/svg+xml" }), "redproof-connections.svg");
      return "The map was saved as redproof-connections.svg.";
    }
  }
  const made = await png(map.text, map.width, map.height).catch(() => null);
  if (!made) return "This browser does not draw the map as PNG: copy it as SVG.";
  save(made, "redproof-connections.png");
  return "The map was saved as redproof-connections.png.";
};

// How the page looks here: its theme, whether long lines wrap, how wide its panes are. Kept in this
// browser: none of it is of the user's text.

import { editors } from "./editor";

/** There unless the theme is the system's. */
const THEME = "redproof-theme";

/** There while long lines wrap. */
const WRAPS = "redproof-wraps";

/** The panes' shares, in hundredths. */
const PANES = "redproof-panes";

const stored = (name: string): string => {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
};

const store = (name: string, value: string): void => {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // It holds until the page is left.
  }
};

const root = document.documentElement;

/** `light`, `dark`; empty for the system's. */
export const theme = (): string => root.dataset["theme"] ?? "";

export const setTheme = (name: string): void => {
  if (name) root.dataset["theme"] = name;
  else delete root.dataset["theme"];
  store(THEME, name);
};

let wrap = stored(WRAPS) !== "";

export const wraps = (): boolean => wrap;

export const setWraps = (on: boolean): void => {
  wrap = on;
  store(WRAPS, on ? "1" : "");
  for (const editor of editors.values()) editor.wrap(on);
};

/** What each splitter moves: the style sheet's property, and which way. */
const SPLITTERS: Record<string, { property: string; across: boolean; usual: number }> = {
  columns: { property: "--texts", across: true, usual: 50 },
  rows: { property: "--config", across: false, usual: 70 },
};

const shares: Record<string, number> = {};

const split = (name: string, share: number): void => {
  const splitter = SPLITTERS[name];
  if (!splitter) return;
  const kept = Math.round(Math.min(85, Math.max(15, share)));
  shares[name] = kept;
  root.style.setProperty(splitter.property, `${kept}fr`);
  root.style.setProperty(`${splitter.property}-rest`, `${100 - kept}fr`);
  for (const one of document.querySelectorAll(`.splitter.${name}`)) one.setAttribute("aria-valuenow", String(kept));
};

const keepShares = (): void => store(PANES, JSON.stringify(shares));

const nameOf = (element: Element): string => (element.classList.contains("rows") ? "rows" : "columns");

/** Has the splitters follow pointer and keyboard. */
const splitters = (): void => {
  document.addEventListener("pointerdown", (event) => {
    const splitter = event.target instanceof Element ? event.target.closest<HTMLElement>(".splitter") : null;
    const around = splitter?.parentElement;
    if (!splitter || !around) return;
    event.preventDefault();
    splitter.focus();
    splitter.setPointerCapture(event.pointerId);
    const name = nameOf(splitter);
    const move = (at: PointerEvent): void => {
      const { left, top, width, height } = around.getBoundingClientRect();
      split(name, SPLITTERS[name]?.across ? ((at.clientX - left) / width) * 100 : ((at.clientY - top) / height) * 100);
    };
    const over = new AbortController();
    splitter.addEventListener("pointermove", move, { signal: over.signal });
    for (const end of ["pointerup", "pointercancel"]) {
      splitter.addEventListener(end, () => (over.abort(), keepShares()), { signal: over.signal });
    }
  });
  document.addEventListener("dblclick", (event) => {
    const splitter = event.target instanceof Element ? event.target.closest(".splitter") : null;
    if (!splitter) return;
    const name = nameOf(splitter);
    split(name, SPLITTERS[name]?.usual ?? 50);
    keepShares();
  });
  document.addEventListener("keydown", (event) => {
    const splitter = event.target instanceof Element ? event.target.closest(".splitter") : null;
    if (!splitter) return;
    const steps: Record<string, number> = { ArrowLeft: -5, ArrowUp: -5, ArrowRight: 5, ArrowDown: 5 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const name = nameOf(splitter);
    split(name, (shares[name] ?? SPLITTERS[name]?.usual ?? 50) + step);
    keepShares();
  });
};

/** Has the page look as it did. */
export const restoreLooks = (): void => {
  setTheme(stored(THEME));
  try {
    const kept = JSON.parse(stored(PANES) || "{}") as Record<string, unknown>;
    for (const [name, share] of Object.entries(kept)) if (typeof share === "number") split(name, share);
  } catch {
    // Somebody else's.
  }
  splitters();
};

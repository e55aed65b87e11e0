// The book's pages, beside the text: what a finding's code leads to opens on the page, and in a tab of
// its own where the book is not here.

const panel = (): HTMLElement => {
  const known = document.getElementById("beside");
  if (known) return known;
  const made = document.createElement("aside");
  made.id = "beside";
  made.setAttribute("aria-label", "From the book");
  made.tabIndex = -1;
  document.body.append(made);
  return made;
};

/** What had the keyboard before. */
let before: Element | null = null;

const close = (): void => {
  const shown = document.getElementById("beside");
  if (!shown || shown.hidden) return;
  shown.hidden = true;
  shown.replaceChildren();
  if (before instanceof HTMLElement && before.isConnected) before.focus();
};

/** What of a page is shown: its text, with links that lead where they led. */
const read = (html: string, address: URL): DocumentFragment | undefined => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  if (!main) return undefined;
  for (const one of main.querySelectorAll("script, style, nav, button, iframe, [style]")) {
    if (one.hasAttribute("style")) one.removeAttribute("style");
    else one.remove();
  }
  for (const link of main.querySelectorAll("a[href]")) {
    link.setAttribute("href", new URL(link.getAttribute("href") ?? "", address).href);
  }
  for (const image of main.querySelectorAll("img[src]")) {
    image.setAttribute("src", new URL(image.getAttribute("src") ?? "", address).href);
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...main.childNodes);
  return fragment;
};

const button = (label: string, act: () => void): HTMLElement => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
};

const elsewhere = (address: URL): void => void window.open(address.href, "_blank", "noopener");

/** Shows a page of the book beside the text. */
export const openBeside = async (address: URL): Promise<void> => {
  // A search is a page's own work.
  if (address.search) return elsewhere(address);
  const own = document.activeElement;
  try {
    const answer = await fetch(address.href, { credentials: "omit" });
    const fragment = answer.ok ? read(await answer.text(), address) : undefined;
    if (!fragment) return elsewhere(address);
    const shown = panel();
    if (!shown.contains(own)) before = own;
    const head = document.createElement("header");
    head.append(
      button("Open in a tab", () => elsewhere(address)),
      button("Close", close),
    );
    const text = document.createElement("div");
    text.className = "book";
    text.append(fragment);
    shown.replaceChildren(head, text);
    shown.hidden = false;
    const place = address.hash && text.querySelector(`[id="${CSS.escape(address.hash.slice(1))}"]`);
    if (place) place.scrollIntoView();
    else shown.scrollTop = 0;
    shown.focus();
  } catch {
    elsewhere(address);
  }
};

/** Has links into the book open beside the text. */
export const readBeside = (): void => {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = new URL(link.href);
    const book = new URL("docs/", document.baseURI);
    const within = address.origin === book.origin && address.pathname.startsWith(book.pathname);
    // The book itself is one's own reading.
    if (!within || link.classList.contains("docs")) return;
    event.preventDefault();
    void openBeside(address);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.getElementById("beside")?.contains(document.activeElement)) close();
  });
};

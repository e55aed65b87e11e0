// Elements with text.

export const element = (name: string, className: string, text?: string): HTMLElement => {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

/** A paragraph, what stands between backticks as code. */
export const prose = (className: string, text: string): HTMLElement => {
  const made = element("p", className);
  text.split("`").forEach((part, at) => made.append(at % 2 ? element("code", "", part) : part));
  return made;
};

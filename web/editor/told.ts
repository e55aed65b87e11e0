// What the page tells the user beside its own work: a line at the bottom, with what to do about it.

/** A button: what it says and does. */
export type Choice = [label: string, act: () => void];

const button = (label: string, act: () => void): HTMLElement => {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
};

/** Tells something, in place of what was told before; each button ends it. */
export const tell = (text: string, ...choices: Choice[]): void => {
  const bar = document.getElementById("told");
  if (!bar) return;
  const over = () => {
    bar.hidden = true;
    bar.replaceChildren();
  };
  const said = document.createElement("p");
  said.textContent = text;
  const buttons = choices.map(([label, act]) => button(label, () => (over(), act())));
  bar.replaceChildren(said, ...buttons, ...(choices.length === 0 ? [button("Close", over)] : []));
  bar.hidden = false;
};

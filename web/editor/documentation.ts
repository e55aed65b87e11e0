// What the engine says of a key or a variable, as elements.

import { type Effective, follow, type Hover } from "./answers";
import { element, prose } from "./dom";

const fact = (list: HTMLElement, name: string, text: string | null): void => {
  if (!text) return;
  const value = prose("", text);
  const row = element("div", "");
  const told = element("dd", "");
  told.append(...value.childNodes);
  row.append(element("dt", "", name), told);
  list.append(row);
};

/** A place in the files: leads there, where the page knows it. */
const origin = ({ origin, at }: Effective): HTMLElement => {
  if (!at) return element("span", "", origin);
  const button = element("button", "doc-place", origin);
  button.setAttribute("type", "button");
  button.addEventListener("click", () => follow(at));
  return button;
};

const effective = (one: Effective): HTMLElement => {
  const item = element("li", "");
  item.append(
    element("code", "", one.setting),
    " is ",
    element("code", "", one.value),
    ` for ${one.clients.join(", ")}: `,
    origin(one),
  );
  return item;
};

/** At most this many values: a variable may come to many. */
const MOST = 6;

/** All that is to be said, in one element. */
export const describe = (
  hover: Pick<Hover, "documentation"> & Partial<Hover>,
): HTMLElement => {
  const { documentation: text, environment } = hover;
  const body = element("div", "doc");
  const head = element("p", "doc-head");
  head.append(element("code", "", text.name), element("span", "", text.place));
  body.append(head, prose("doc-meaning", text.meaning));
  if (text.note) body.append(prose("doc-note", text.note));
  const facts = element("dl", "doc-facts");
  fact(facts, "takes", text.takes + (text.secret ? ", a secret" : ""));
  fact(facts, "default", text.default && `\`${text.default}\``);
  fact(facts, "variable", text.variable && `\`${text.variable}\``);
  fact(facts, "reaches", text.reaches);
  fact(facts, "known", text.releases);
  if (facts.childNodes.length > 0) body.append(facts);
  if (environment) body.append(prose("doc-here", `${environment}.`));
  const values = hover.effective ?? [];
  if (values.length > 0) {
    const list = element("ul", "doc-here");
    list.append(...values.slice(0, MOST).map(effective));
    if (values.length > MOST) list.append(element("li", "", `and ${values.length - MOST} more`));
    body.append(list);
  }
  return body;
};

// What the book does beyond its text: the contents on a small screen, search, colours of code.
"use strict";
(() => {
  const element = (id) => document.getElementById(id);
  const root = document.documentElement.dataset.root;

  const button = element("contents-button");
  const showContents = (shown) => {
    document.documentElement.classList.toggle("with-contents", shown);
    button.setAttribute("aria-expanded", String(shown));
  };
  button.addEventListener("click", () =>
    showContents(!document.documentElement.classList.contains("with-contents")),
  );

  hljs.configure({ languages: [] });
  for (const code of document.querySelectorAll("code[class*=language-]")) {
    hljs.highlightBlock(code);
  }

  // Tables and code scroll by themselves, also by keyboard.
  for (const box of document.querySelectorAll("pre, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    }
  }

  const words = element("search-words");
  const results = element("search-results");
  const status = element("search-status");
  let index;

  // The index is fetched when somebody wants to search.
  const load = () => {
    if (index) {
      return;
    }
    index = new Promise((resolve, reject) => {
      window.search = {};
      const script = document.createElement("script");
      script.src = root + "searchindex.js";
      script.addEventListener("load", () => {
        const { doc_urls, index, search_options } = window.search;
        resolve({ urls: doc_urls, index: elasticlunr.Index.load(index), options: search_options });
      });
      script.addEventListener("error", () => reject(new Error("the search index did not load")));
      document.head.append(script);
    });
  };

  // The text around the first word that was found.
  const excerpt = (body, wanted) => {
    const low = body.toLowerCase();
    const at = Math.max(0, Math.min(...wanted.map((word) => low.indexOf(word)).filter((at) => at >= 0)));
    const start = Number.isFinite(at) ? Math.max(0, body.lastIndexOf(" ", Math.max(0, at - 60))) : 0;
    return (start > 0 ? "… " : "") + body.slice(start, start + 180).trim();
  };

  // Who searches has a problem: guides and error texts come before the reference, that before what was measured.
  const WEIGHTS = Object.entries({
    "guides/production-checklist.": 0.8, "guides/": 2, "errors/": 1.6, "deployments.": 1.5, "editors.": 1.5, "kubernetes.": 1.5,
    "defects.": 0.7, "commands.": 0.6, "changes.": 0.6, "litellm-pages.": 0.5,
    "benchmarks.": 0.3, "fidelity.": 0.3, "rust-client.": 0.4, "tls-matrix.": 0.4, "yaml.": 0.4,
  });
  const LITTLE = new Set("a an and are can do does for from get how i in is it my no not of on or set the to turn up use using what when why with".split(" "));

  /** The places with some of the words: those with all of them, and pages whose title has them, first. */
  const ranked = (found, text, options, urls) => {
    const words = text.toLowerCase().split(/\s+/);
    const wanted = words.filter((word) => !LITTLE.has(word));
    // A sentence's end is no part of what is said.
    const whole = words.join(" ").replace(/[.,:;!?]+$/, "");
    const asked = wanted.length > 0 ? wanted.join(" ") : text;
    const hits = found.search(asked, options);
    const all = new Set(hits.map(({ ref }) => ref));
    const some = wanted.length > 1 ? found.search(asked, { ...options, bool: "OR" }) : hits;
    const worth = ({ ref, score, doc }) => {
      const weight = WEIGHTS.find(([start]) => urls[ref].startsWith(start))?.[1] ?? 1;
      const title = (doc.breadcrumbs || doc.title).toLowerCase();
      const titled = wanted.filter((word) => title.includes(word)).length / Math.max(1, wanted.length);
      // What is pasted stands there word for word.
      const verbatim = words.length > 1 && doc.body.toLowerCase().includes(whole);
      return score * weight * (1 + 2 * titled) * (all.has(ref) ? 2 : 1) * (verbatim ? 2 : 1);
    };
    const by = some.map((hit) => ({ ...hit, worth: worth(hit) })).sort((one, other) => other.worth - one.worth);
    return { hits: by.slice(0, 20), some: all.size === 0 };
  };

  // Where it stands, each name once: a page's first heading is its title.
  const trail = ({ breadcrumbs, title }) => [...new Set((breadcrumbs || title).split(" » "))].join(" » ");

  const show = (found, urls, wanted) => {
    results.replaceChildren(
      ...found.map(({ ref, doc }) => {
        const link = document.createElement("a");
        link.href = root + urls[ref];
        const title = document.createElement("strong");
        title.textContent = trail(doc);
        const text = document.createElement("span");
        text.textContent = excerpt(doc.body, wanted);
        link.append(title, text);
        const item = document.createElement("li");
        item.append(link);
        return item;
      }),
    );
    results.hidden = found.length === 0;
  };

  const search = async () => {
    const text = words.value.trim();
    if (text === "") {
      results.hidden = true;
      status.textContent = "";
      return;
    }
    load();
    try {
      const { urls, index: found, options } = await index;
      if (text !== words.value.trim()) {
        return;
      }
      // A text from a log holds a host or a user that no page has.
      const { hits, some } = ranked(found, text, options, urls);
      show(hits, urls, text.toLowerCase().split(/\s+/));
      const count = hits.length === 1 ? "1 place found" : `${hits.length} places found`;
      status.textContent = some && hits.length > 0 ? `${count}, with some of the words` : count;
      status.classList.toggle("away", hits.length > 0);
    } catch (error) {
      index = undefined;
      status.textContent = String(error.message);
      status.classList.remove("away");
    }
  };

  words.addEventListener("focus", load);
  words.addEventListener("input", search);
  // `?search=WORDS` leads here from the editor.
  const asked = new URLSearchParams(location.search).get("search");
  if (asked) {
    words.value = asked;
    words.focus();
    search();
  }
  element("search").addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      results.hidden = true;
      showContents(false);
      return;
    }
    const inSearch = element("search").contains(document.activeElement);
    if (event.key === "/" && !inSearch && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      words.focus();
    } else if (inSearch && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const stops = [words, ...results.querySelectorAll("a")];
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = stops[stops.indexOf(document.activeElement) + step];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    }
  });
  document.addEventListener("click", (event) => {
    if (!element("search").contains(event.target)) {
      results.hidden = true;
    }
  });
})();

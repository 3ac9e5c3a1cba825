// The only place where text becomes HTML. What comes from the server is parsed where nothing runs, and only elements and
// attributes that our pages use are taken over. Loaded before everything else, Gradio's own scripts too.
(() => {
  "use strict";
  const tandem = window.tandem;
  const TAGS = new Set(
    ("a article aside b blockquote br button circle code dd del details div dl dt em figure footer g h1 h2 h3 h4 header i img " +
      "input ins label li main mark nav ol option p path pre q rect section select small span strong sub summary sup svg table " +
      "tbody td textarea tfoot th thead time tr u ul").split(" "),
  );
  const NAMES = new Set(
    ("accept alt autocomplete class colspan cx cy d datetime dir decoding disabled fill focusable for height hidden id lang maxlength " +
      "name open placeholder r rel role rows rowspan rx scope selected start stroke stroke-width tabindex target title type " +
      "value viewbox width x xmlns y").split(" "),
  );
  const PLAIN_STYLE = /^[a-z0-9 .,:;%/-]*$/i; // no url(…), no function

  const here = (address) => {
    try {
      const url = new URL(address, location.href);
      return url.origin === location.origin && /^https?:$/.test(url.protocol);
    } catch {
      return false;
    }
  };
  const allowed = ({ name, value }) => {
    const key = name.toLowerCase();
    if (key === "href" || key === "src") return value.startsWith("#") || here(value);
    if (key === "style") return PLAIN_STYLE.test(value);
    return NAMES.has(key) || /^(data|aria)-[a-z-]+$/.test(key);
  };

  // Trusted Types: no other code may turn text into HTML or script without passing one of these.
  const types = window.trustedTypes;
  const make = types?.createPolicy.bind(types);
  const raw = make?.("tandem", { createHTML: (html) => html });
  const inert = (html) => new DOMParser().parseFromString(raw ? raw.createHTML(html) : html, "text/html").body;

  // The nodes of some HTML from our own server, in a fragment.
  tandem.nodes = (html) => {
    const body = inert(String(html));
    for (const element of body.querySelectorAll("*")) {
      if (!TAGS.has(element.localName)) element.remove();
      else for (const attribute of [...element.attributes]) if (!allowed(attribute)) element.removeAttribute(attribute.name);
    }
    const nodes = document.createDocumentFragment();
    nodes.append(...body.childNodes);
    return nodes;
  };
  tandem.fill = (target, html) => target.replaceChildren(tandem.nodes(html));

  if (!types) return;
  // Gradio's frame is made of fixed templates, which hold neither of these; a text that does comes from elsewhere.
  const RUNS = /<script|<iframe|<object|<embed|<base|<meta|srcdoc|javascript:|\son[a-z]+\s*=/i;
  const createHTML = (html) => (RUNS.test(html) ? "" : html);
  const createScriptURL = (address) => (here(address) ? address : null);
  // Gradio compiles the templates and start scripts of a page in the browser; no text of a manual is ever among them.
  const createScript = (script) => script;
  const rules = { createHTML, createScriptURL, createScript };
  types.createPolicy = (name, asked) => make(name, { ...asked, createHTML });
  make("default", rules);
})();

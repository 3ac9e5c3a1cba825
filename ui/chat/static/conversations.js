// The rail of conversations, the status line and the product filter.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  const wide = matchMedia("(min-width: 1100px)");
  const TAB = 60; // characters of a question in the browser's tab
  const PERIOD = 2000; // milliseconds between looks at what is served, so that a mode lights up by itself
  const PATIENCE = 4000; // milliseconds that one look may take
  const SLOW = 2; // looks in a row that take longer before a server counts as gone; a busy one is not
  let looking = false;
  let slow = 0;

  tandem.railStart = () => {
    place();
    wide.addEventListener("change", place); // a narrowed window: the rail would lie over the text
    let pause;
    $("t-rail-search").addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => tandem.guard(list), 200);
    });
    $("t-main").addEventListener("pointerdown", () => {
      if (wide.matches) return;
      showRail(false);
      tandem.panelClose(true);
    });
    addEventListener("focus", status);
    document.addEventListener("visibilitychange", () => document.hidden || status());
    setInterval(() => document.hidden || status(), PERIOD);
    status();
    tandem.guard(list);
  };

  // Open or closed as it was left, if there is room for it beside the text.
  function place() {
    const setting = localStorage.getItem("tandem.rail");
    showRail(setting ? setting === "open" && wide.matches : matchMedia("(min-width: 1440px)").matches);
  }

  async function list() {
    const search = encodeURIComponent($("t-rail-search").value);
    const zone = -new Date().getTimezoneOffset();
    tandem.morph($("t-rail-list"), await tandem.html(`/conversations?search=${search}&zone=${zone}`));
    mark();
  }

  function mark() {
    for (const row of document.querySelectorAll("[data-conversation]")) {
      const link = row.querySelector("a");
      if (row.dataset.conversation === tandem.state.conversation) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    title();
  }

  // The tab is called as the conversation, which a narrowed list may not show: then as its first question.
  function title() {
    const row = $("t-rail-list").querySelector("a[aria-current]");
    const text = (row || document.querySelector(".t-turn .t-question h2"))?.textContent.replace(/\s+/g, " ").trim() || "";
    const short = text.length > TAB ? `${text.slice(0, TAB - 1).trimEnd()}…` : text;
    document.title = short ? tandem.say("title", { question: short }) : tandem.say("title.none");
  }

  function fresh() {
    tandem.open("");
    if (!wide.matches) showRail(false);
    $("t-question").focus();
  }

  async function rename(button) {
    const { id, title } = button.dataset;
    const named = await tandem.dialog({
      title: tandem.say("rename"), yes: tandem.say("save"),
      fields: [{ name: "title", label: tandem.say("rename"), value: title, required: true }],
    });
    if (!named) return;
    await tandem.post(tandem.path`/conversations/${id}/rename`, { title: named.title });
    await list();
    tandem.toast(tandem.say("renamed"));
  }

  async function remove(button) {
    const { id, title } = button.dataset;
    await tandem.post(tandem.path`/conversations/${id}/delete`);
    if (id === tandem.state.conversation) tandem.open("");
    await list();
    const undo = async () => {
      await tandem.post(tandem.path`/conversations/${id}/restore`);
      await list();
      tandem.toast(tandem.say("restored"));
    };
    tandem.toast(tandem.say("deleted", { title }), { label: tandem.say("undo"), run: () => tandem.guard(undo) });
  }

  // Colleagues who sign in may read a conversation by its address, until its owner says no more.
  async function share({ dataset: { id } }) {
    await tandem.post(tandem.path`/conversations/${id}/share`);
    await list();
    await navigator.clipboard.writeText(`${location.origin}/?c=${id}`);
    const stop = async () => {
      await tandem.post(tandem.path`/conversations/${id}/unshare`);
      await list();
      tandem.toast(tandem.say("shared.stopped"));
    };
    tandem.toast(tandem.say("shared"), { label: tandem.say("shared.stop"), run: () => tandem.guard(stop) });
  }

  function showRail(on) {
    $("t-rail").hidden = !on;
    document.querySelector("[data-do=rail]").setAttribute("aria-expanded", String(on));
  }

  async function status() {
    if (looking) return;
    looking = true;
    try {
      told(await tandem.json("/status", { signal: AbortSignal.timeout(PATIENCE) }));
      slow = 0;
    } catch (fault) {
      slow = fault.slow ? slow + 1 : SLOW;
      if (slow >= SLOW) gone();
    } finally {
      looking = false;
    }
  }

  // Nothing of what was last seen is known any more. The next look that succeeds tells it anew.
  function gone() {
    if ($("t-status").querySelector("[data-gone]")) return;
    const light = Object.assign(document.createElement("span"), { className: "t-light warn", title: tandem.say("offline") });
    light.dataset.gone = "yes";
    light.append(document.createElement("i"), tandem.say("status.gone"));
    $("t-status").replaceChildren(light);
    named();
    tandem.speak(tandem.say("status.gone"));
  }

  const named = () => $("t-status").setAttribute("aria-label", `${tandem.say("status.title")}: ${$("t-status").textContent}`);

  // The product that is chosen; before the list has come, the one that the address names.
  function filter() {
    const box = $("t-product");
    return box.options.length > 1 ? box.value : new URLSearchParams(location.search).get("product") || "";
  }

  function told(now) {
    tandem.morph($("t-status"), now.html);
    named();
    tandem.modes(now.modes);
    const box = $("t-product");
    const wanted = filter();
    const names = [...box.options].slice(1).map((option) => option.value);
    if (names.join("\n") !== now.products.join("\n")) {
      box.replaceChildren(box.options[0], ...now.products.map((name) => new Option(name, name)));
    }
    if (now.products.includes(wanted)) box.value = wanted;
    box.closest(".t-product").hidden = now.products.length < 2;
    tandem.about?.();
  }

  // The status line in full: on a phone the bar has room for its lights only.
  function tellStatus() {
    const lights = [...$("t-status").children].map((light) => [light, light.title === light.textContent ? "" : light.title]);
    return tandem.dialog({ title: tandem.say("status.title"), lights });
  }

  Object.assign(tandem, { listConversations: () => tandem.guard(list), markConversation: mark, fresh, showRail, status, filter });
  tandem.on({
    rail: () => {
      showRail($("t-rail").hidden);
      localStorage.setItem("tandem.rail", $("t-rail").hidden ? "closed" : "open");
    },
    new: fresh,
    status: tellStatus,
    open: (link) => (tandem.open(link.dataset.id), wide.matches || showRail(false)),
    rename,
    share,
    delete: remove,
  });
})();

// The source panel: one small fetch for each chip, the page image kept by the browser, a sheet on a phone.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  const wide = matchMedia("(min-width: 1100px)");
  const kept = new Map(); // address of a source -> promise of its HTML
  let opener = null; // the chip that opened the panel, to give the focus back
  let closed = false; // the reader closed it; it does not open by itself again
  let wanted = false; // a source was opened by hand since the last question
  let request = 0;

  tandem.panelStart = () => {
    const panel = $("t-panel");
    let from = null;
    panel.querySelector(".t-grip").addEventListener("pointerdown", (event) => (from = event.clientY));
    addEventListener("pointerup", (event) => {
      if (from === null) return;
      const way = event.clientY - from;
      from = null;
      if (way > 60) tandem.panelClose(true);
      else if (way < -40) panel.classList.add("tall");
    });
    $("t-turns").addEventListener("pointerover", (event) => hint(event.target.closest(".t-chip")));
    $("t-turns").addEventListener("pointerout", (event) => event.target.closest(".t-chip") && hint(null));
    $("t-turns").addEventListener("focusin", (event) => event.target.matches(".t-chip:focus-visible") && hint(event.target, true));
    $("t-turns").addEventListener("focusout", () => hint(null));
    document.addEventListener("keydown", (event) => event.key === "Escape" && hint(null), true);
  };

  const fetched = (url) => {
    if (!kept.has(url)) {
      const html = tandem.html(url);
      html.catch(() => kept.delete(url));
      kept.set(url, html);
      if (kept.size > 60) kept.delete(kept.keys().next().value);
    }
    return kept.get(url);
  };

  // On a wide page the text leaves room for the panel from the question on, so that nothing moves when a source opens;
  // the panel itself is there only once it shows one.
  tandem.panelReserve = () => {
    wanted = false;
    if (!closed) document.querySelector(".t-body").classList.add("reserved");
  };

  // The manual's own words beside an answer have numbers of their own, which do not count while they are folded.
  const chipsOf = (turn) => [...(turn?.querySelectorAll(".t-chip") || [])].filter((chip) => !chip.closest(".t-quotes:is(details):not([open])"));

  tandem.panelFirst = (turn) => {
    const chips = chipsOf(turn);
    const first = chips.find((chip) => chip.closest(".t-key")) || chips[0];
    // An answer without a source: no room is kept for one, and that of an earlier answer does not stand beside it,
    // unless the reader has opened it meanwhile
    if (!first) {
      if (!wanted && !$("t-panel").hidden) tandem.panelClose(false);
      return void ($("t-panel").hidden && document.querySelector(".t-body").classList.remove("reserved"));
    }
    if (wide.matches && !closed) {
      tandem.panelReserve();
      return void tandem.guard(() => show(first, false));
    }
    fetched(first.dataset.url).then((html) => {
      const image = tandem.nodes(html).querySelector("img");
      if (image) new Image().src = image.getAttribute("src");
    }, () => {});
  };

  tandem.panelNumber = (n) => {
    const turn = [...document.querySelectorAll(".t-turn")].pop();
    (chipsOf(turn).find((chip) => chip.dataset.n === String(n)) || turn?.querySelector(`.t-source[data-n="${n}"]`))?.click();
  };

  tandem.panelClose = (byReader) => {
    if (!byReader) kept.clear(); // another conversation: a manual may have changed meanwhile
    document.querySelector(".t-body").classList.remove("reserved");
    const panel = $("t-panel");
    if (panel.hidden) return false;
    panel.hidden = true;
    panel.classList.remove("tall");
    $("t-panel-inside").replaceChildren();
    document.querySelectorAll(".t-chip.on, .t-source.on").forEach((chip) => chip.classList.remove("on"));
    if (byReader) {
      closed = true;
      opener?.isConnected && opener.focus({ preventScroll: true });
      hint(null); // the focus came back by itself; nobody asked for a preview
    }
    return true;
  };

  async function show(chip, focus) {
    const mine = ++request;
    wanted ||= focus;
    const turn = chip.closest(".t-turn");
    document.querySelectorAll(".t-chip.on, .t-source.on").forEach((other) => other.classList.remove("on"));
    const same = (other) => other.dataset.url === chip.dataset.url;
    [...turn.querySelectorAll(".t-chip, .t-source")].filter(same).forEach((other) => other.classList.add("on"));
    opener = chip;
    const html = await fetched(chip.dataset.url);
    if (mine === request) fill(html, focus);
  }

  function fill(html, focus) {
    const panel = $("t-panel");
    const inside = $("t-panel-inside");
    tandem.fill(inside, html);
    panel.hidden = false;
    inside.scrollTop = 0;
    const page = inside.querySelector(".t-page");
    const image = page?.querySelector("img");
    if (image && !image.complete) {
      page.classList.add("loading");
      const done = () => page.classList.remove("loading");
      image.addEventListener("load", done);
      image.addEventListener("error", done);
    }
    const spot = inside.querySelector(".t-mark, .t-section mark, .t-changes b") || inside.querySelector(".t-changes :is(del, ins)");
    if (spot) reach(inside, spot);
    if (focus) inside.querySelector("#panel-title")?.focus({ preventScroll: true });
  }

  // Bring the marked words into the panel's middle, without moving the page behind it.
  function reach(inside, spot) {
    const at = spot.getBoundingClientRect();
    const frame = inside.getBoundingClientRect();
    if (at.top > frame.top + 120 && at.bottom < frame.bottom - 24) return;
    inside.scrollTop += at.top - frame.top - frame.height * 0.45;
  }

  async function turnPage(button) {
    const mine = ++request;
    const html = await fetched(button.dataset.url);
    if (mine !== request) return;
    const label = button.getAttribute("aria-label");
    fill(html, false);
    const same = [...$("t-panel-inside").querySelectorAll("[data-do=turn]")].find((b) => b.getAttribute("aria-label") === label);
    (same || $("t-panel-inside").querySelector("#panel-title")).focus({ preventScroll: true });
  }

  function zoom() {
    const page = $("t-panel-inside").querySelector(".t-page");
    const on = page.classList.toggle("zoomed");
    if (on) page.querySelector("img").src = page.dataset.large;
    const mark = page.querySelector(".t-mark");
    if (!mark) return;
    page.scrollLeft = mark.offsetLeft - 40;
    reach($("t-panel-inside"), mark);
  }

  // A small card with the quote, while the pointer or the focus rests on a chip.
  let card = null;
  let wait;
  function hint(chip, byKey = false) {
    clearTimeout(wait);
    card?.remove();
    card = null;
    if (!chip || chip.closest(".t-quotes") || !(byKey || matchMedia("(hover: hover)").matches)) return;
    wait = setTimeout(() => {
      const row = chip.closest(".t-answer, .t-turn").querySelector(`.t-source[data-n="${chip.dataset.n}"]`);
      if (!row) return;
      card = Object.assign(document.createElement("div"), { className: "t-card-hint" });
      if (chip.dataset.told) card.append(Object.assign(document.createElement("p"), { className: "t-told-state", textContent: chip.dataset.told }));
      const quote = row.querySelector("q").cloneNode(true);
      quote.removeAttribute("id");
      card.append(row.closest(".t-group").querySelector("p").cloneNode(true), quote);
      const since = row.querySelector(".t-since");
      if (since) card.append(since.cloneNode(true));
      card.setAttribute("aria-hidden", "true");
      const at = chip.getBoundingClientRect();
      $("t-app").append(card);
      card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - card.offsetWidth - 8))}px`;
      const below = at.bottom + 8 + card.offsetHeight < innerHeight;
      card.style.top = `${below ? at.bottom + 8 : at.top - card.offsetHeight - 8}px`;
    }, 350);
  }

  tandem.on({
    source: (chip) => {
      hint(null);
      closed = false;
      return show(chip, !wide.matches);
    },
    close: () => tandem.panelClose(true),
    turn: turnPage,
    zoom,
    sheet: () => $("t-panel").classList.toggle("tall"),
  });
})();

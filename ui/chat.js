// The chat page: asking, streaming, conversations, keys. The panel has its own script.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  const wide = matchMedia("(min-width: 1100px)");
  const PATIENCE = 6; // checks without any update before a question counts as not taken
  let opening = null;
  let view = 0; // counts what the thread shows, so that a late reply does not overwrite it
  const SILENCE = 5000; // milliseconds without an update before the server is asked whether it is there
  const state = { conversation: "", mode: "auto", running: null, ask: null };

  tandem.chat = (element, ask) => {
    state.ask = ask;
    tandem.start(element);
    tandem.panelStart();
    state.conversation = new URLSearchParams(location.search).get("c") || "";
    const railSetting = localStorage.getItem("tandem.rail");
    showRail(railSetting ? railSetting === "open" && wide.matches : matchMedia("(min-width: 1440px)").matches);
    const box = $("t-question");
    box.value = sessionStorage.getItem("tandem.draft") || ""; // Gradio reloads the page when the server comes back
    box.addEventListener("input", grow);
    grow();
    box.addEventListener("keydown", boxKeys);
    $("t-ask").addEventListener("submit", (event) => (event.preventDefault(), submit()));
    $("t-rail-search").addEventListener("input", () => later(listConversations));
    document.addEventListener("keydown", pageKeys);
    addEventListener("popstate", () => open(new URLSearchParams(location.search).get("c") || "", false));
    addEventListener("focus", () => later(status));
    setInterval(() => document.hidden || status(), 20000);
    status();
    listConversations();
    open(state.conversation, false);
    if (wide.matches) box.focus();
  };

  let timer;
  const later = (work) => (clearTimeout(timer), (timer = setTimeout(() => tandem.guard(work), 200)));

  // Asking and answering
  async function submit() {
    const box = $("t-question");
    if (state.conversation) await opening; // the earlier turns stand above
    const text = box.value.trim();
    if (!text) return;
    if (state.running) return tandem.toast(tandem.say("busy"));
    box.value = "";
    grow();
    ask(text, $("t-product").value);
  }

  function ask(text, product) {
    if (state.running) return tandem.toast(tandem.say("busy"));
    const ticket = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    view += 1;
    const turn = newTurn(text, product);
    state.running = { ticket, turn, text, stopping: false, heard: false, checks: 0 };
    busy(true);
    tandem.speak(tandem.say("searching"));
    tandem.panelReserve();
    turn.scrollIntoView({ block: "start" });
    state.ask({ ticket, text, product, mode: state.mode, conversation: state.conversation });
    watch(state.running);
  }

  // The question is shown at once, as text; the server's own form of the turn comes with a reload.
  function newTurn(text, product) {
    if (!state.conversation) $("t-turns").querySelector(".t-start")?.remove();
    const turn = Object.assign(document.createElement("article"), { className: "t-turn" });
    const head = Object.assign(document.createElement("header"), { className: "t-question" });
    const said = document.createElement("div");
    said.append(Object.assign(document.createElement("h2"), { textContent: text }));
    if (product) said.append(Object.assign(document.createElement("p"), { className: "t-asked", textContent: tandem.say("for", { product }) }));
    head.append(said);
    const answer = Object.assign(document.createElement("div"), { className: "t-answer" });
    answer.append(Object.assign(document.createElement("p"), { className: "t-state busy", textContent: tandem.say("searching") }));
    turn.append(head, answer);
    $("t-turns").append(turn);
    return turn;
  }

  // One update of a streaming answer: {ticket, conversation, phase, html}.
  tandem.answer = (update) => {
    const running = state.running;
    if (!running || !update || update.ticket !== running.ticket) return;
    running.heard = true;
    watch(running);
    tandem.morph(running.turn.querySelector(".t-answer"), update.html);
    if (update.conversation && !state.conversation) remember(update.conversation);
    if (update.phase === "done") finish(running);
  };

  async function finish(running) {
    clearTimeout(running.watch);
    state.running = null;
    busy(false);
    const chips = new Set([...running.turn.querySelectorAll(".t-chip")].map((chip) => chip.dataset.n));
    tandem.speak(chips.size ? tandem.count("ready", chips.size) : tandem.say("ready"));
    tandem.panelFirst(running.turn);
    listConversations();
    status();
    if (!state.conversation) return;
    const stored = await storedTurn().catch(() => null);
    if (stored && running.turn.isConnected) {
      tandem.morph(running.turn.querySelector(".t-question"), stored.querySelector(".t-question").innerHTML);
    }
  }

  // Silence may be a slow answer, a server that is gone, or a stream that broke while the answer was stored.
  function watch(running) {
    clearTimeout(running.watch);
    running.watch = setTimeout(() => checkUp(running), SILENCE);
  }

  async function checkUp(running) {
    if (state.running !== running) return;
    const there = await tandem.json("/status").catch(() => null);
    const stored = there && state.conversation ? await storedTurn().catch(() => null) : null;
    if (state.running !== running) return;
    running.checks += 1;
    if (there && !stored && (running.heard || running.checks < PATIENCE)) return watch(running);
    if (stored) tandem.morph(running.turn, stored.innerHTML);
    else lost(running, there ? "unheard" : "offline");
    tandem.panelFirst(running.turn);
    state.running = null;
    busy(false);
  }

  // The last turn as it is kept, once it has an answer.
  async function storedTurn() {
    const html = await tandem.html(`/conversations/${state.conversation}`);
    const turns = new DOMParser().parseFromString(html, "text/html").querySelectorAll(".t-turn");
    const here = document.querySelectorAll(".t-turn").length;
    return turns.length === here && !turns[here - 1].querySelector("[data-pending]") ? turns[here - 1] : null;
  }

  function lost(running, why) {
    const written = running.turn.querySelector(".t-text");
    const told = tandem.say(written ? "interrupted" : why);
    const line = Object.assign(document.createElement("p"), { className: "t-state", textContent: told });
    running.turn.querySelector(".t-state.busy")?.remove();
    running.turn.querySelector(".t-answer").append(line);
    tandem.speak(told);
    if (written) return;
    $("t-question").value ||= running.text;
    grow();
  }

  async function stop() {
    const running = state.running;
    if (!running || running.stopping) return;
    running.stopping = true;
    const line = running.turn.querySelector(".t-state.busy");
    if (line) line.textContent = tandem.say("stopping");
    await tandem.post(`/asks/${running.ticket}/stop`);
  }

  function busy(on) {
    $("t-ask").classList.toggle("busy", on);
    document.querySelector(".t-send:not(.stop)").hidden = on;
    document.querySelector(".t-send.stop").hidden = !on;
  }

  // Conversations
  function remember(conversation) {
    state.conversation = conversation;
    history.pushState(null, "", conversation ? `/?c=${encodeURIComponent(conversation)}` : "/");
  }

  function open(conversation, push = true) {
    return (opening = show(conversation, push));
  }

  async function show(conversation, push) {
    const mine = ++view;
    if (state.running) await stop();
    state.running = null;
    busy(false);
    if (push) remember(conversation);
    state.conversation = conversation;
    tandem.panelClose(false);
    const html = await tandem.guard(() => tandem.html(conversation ? `/conversations/${conversation}` : "/start"));
    if (mine !== view) return; // another one was chosen, or a question asked, meanwhile
    if (html === undefined && conversation) return open("");
    $("t-turns").innerHTML = html || "";
    tandem.times($("t-turns"));
    mark();
    const last = $("t-turns").querySelector(".t-turn:last-child");
    if (last) {
      last.scrollIntoView({ block: "start" });
      tandem.panelFirst(last);
    }
    if ($("t-turns").querySelector("[data-pending], [data-watch]")) setTimeout(() => again(conversation), 1200);
  }

  // A question that is still being answered elsewhere, or manuals that are still being read.
  const again = (conversation) => {
    if (state.conversation === conversation && !state.running && $("t-turns").querySelector("[data-pending], [data-watch]")) {
      open(conversation, false);
      status();
    }
  };

  async function listConversations() {
    const search = encodeURIComponent($("t-rail-search").value);
    const zone = -new Date().getTimezoneOffset();
    tandem.morph($("t-rail-list"), await tandem.html(`/conversations?search=${search}&zone=${zone}`));
    mark();
  }

  function mark() {
    for (const row of document.querySelectorAll("[data-conversation]")) {
      const link = row.querySelector("a");
      if (row.dataset.conversation === state.conversation) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function fresh() {
    open("");
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
    await tandem.post(`/conversations/${id}/rename`, { title: named.title });
    await listConversations();
    tandem.toast(tandem.say("renamed"));
  }

  async function remove(button) {
    const { id, title } = button.dataset;
    await tandem.post(`/conversations/${id}/delete`);
    if (id === state.conversation) open("");
    await listConversations();
    const undo = async () => {
      await tandem.post(`/conversations/${id}/restore`);
      await listConversations();
      tandem.toast(tandem.say("restored"));
    };
    tandem.toast(tandem.say("deleted", { title }), { label: tandem.say("undo"), run: () => tandem.guard(undo) });
  }

  function showRail(on) {
    $("t-rail").hidden = !on;
    document.querySelector("[data-do=rail]").setAttribute("aria-expanded", String(on));
  }

  // Status and products
  async function status() {
    const now = await tandem.json("/status").catch(() => null);
    if (!now) return;
    tandem.morph($("t-status"), now.html);
    const box = $("t-product");
    const wanted = box.value || new URLSearchParams(location.search).get("product") || "";
    const names = [...box.options].slice(1).map((option) => option.value);
    if (names.join("\n") !== now.products.join("\n")) {
      box.replaceChildren(box.options[0], ...now.products.map((name) => new Option(name, name)));
    }
    if (now.products.includes(wanted)) box.value = wanted;
    box.closest(".t-product").hidden = now.products.length < 2;
  }

  // Keys
  function grow() {
    const box = $("t-question");
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
    sessionStorage.setItem("tandem.draft", box.value);
  }

  function boxKeys(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && !event.target.value) {
      const last = [...document.querySelectorAll(".t-turn .t-question h2")].pop();
      if (!last) return;
      event.preventDefault();
      edit(last.textContent);
    }
  }

  function pageKeys(event) {
    if ($("t-dialog").open) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return event.preventDefault(), fresh();
    if (event.key === "Escape") return escape();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "/") return event.preventDefault(), $("t-question").focus();
    if (event.key === "?") return keys();
    if (/^[1-9]$/.test(event.key)) tandem.panelNumber(event.key);
  }

  function escape() {
    if (state.running) return stop();
    if (!tandem.panelClose(true) && !wide.matches) showRail(false);
  }

  function edit(text) {
    const box = $("t-question");
    box.value = text;
    grow();
    box.focus();
    box.setSelectionRange(text.length, text.length);
  }

  const keys = () =>
    tandem.dialog({ title: tandem.say("keys.title"), lines: tandem.texts.keys.split("\n").map((line) => line.split("|")) });

  function choose(button) {
    if (button.getAttribute("aria-disabled")) return tandem.toast(button.title);
    state.mode = button.dataset.mode;
    for (const other of document.querySelectorAll("[data-mode]")) {
      other.setAttribute("aria-checked", String(other === button));
      other.tabIndex = other === button ? 0 : -1;
    }
  }

  document.addEventListener("keydown", (event) => {
    const at = event.target.closest?.("[role=radio]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!at || !step) return;
    const all = [...document.querySelectorAll("[role=radio]")];
    const next = all[(all.indexOf(at) + step + all.length) % all.length];
    event.preventDefault();
    next.focus();
    if (!next.getAttribute("aria-disabled")) choose(next);
  });

  async function bad(button) {
    const told = await tandem.dialog({
      title: button.title, yes: button.title,
      fields: [{ name: "reason", label: tandem.say("bad.reason"), value: "" }],
    });
    if (told) await rate(button, false, told.reason);
  }

  async function rate(button, good, reason = "") {
    await tandem.post(`/answers/${button.dataset.answer}/rate`, { good, reason });
    for (const other of button.parentElement.querySelectorAll("[data-do=good], [data-do=bad]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    tandem.toast(tandem.say(good ? "rated.good" : "rated.bad"));
  }

  tandem.on({
    mode: choose,
    rail: () => {
      showRail($("t-rail").hidden);
      localStorage.setItem("tandem.rail", $("t-rail").hidden ? "closed" : "open");
    },
    new: fresh,
    open: (link) => (open(link.dataset.id), wide.matches || showRail(false)),
    rename,
    delete: remove,
    stop,
    keys,
    ask: (button) => ask(button.dataset.question, button.dataset.product),
    edit: (button) => edit(button.dataset.question),
    good: (button) => rate(button, true),
    bad,
    missing: async (button) => {
      await tandem.post(`/answers/${button.dataset.answer}/missing`);
      button.disabled = true;
      tandem.toast(tandem.say("missing"));
    },
    samples: async (button) => {
      button.disabled = true;
      await tandem.post("/manuals/samples");
      open("", false);
    },
  });
})();

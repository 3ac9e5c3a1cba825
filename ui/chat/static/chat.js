// The chat page: asking, streaming, and the thread. Rail, keys and panel have scripts of their own.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  const wide = matchMedia("(min-width: 1100px)");
  const SILENCE = 5000; // milliseconds without an update before the server is asked whether it is there
  const PATIENCE = 6; // checks without any update before a question counts as not taken
  let opening = null;
  let view = 0; // counts what the thread shows, so that a late reply does not overwrite it
  const state = { conversation: "", mode: "auto", running: null, editing: null, ask: null, fresh: false };
  tandem.state = state;

  tandem.chat = (element, ask) => {
    state.ask = ask;
    state.conversation = named();
    tandem.start(element);
    tandem.panelStart();
    tandem.railStart();
    tandem.keysStart();
    $("t-product").addEventListener("change", about);
    element.addEventListener("input", narrow);
    $("t-ask").addEventListener("submit", (event) => (event.preventDefault(), submit()));
    // A page that goes takes its question along, so that no model writes for nobody.
    addEventListener("pagehide", () => state.running && navigator.sendBeacon(tandem.path`/asks/${state.running.ticket}/stop`));
    addEventListener("popstate", () => open(named(), false));
    addEventListener("focus", () => catchUp().catch(() => {})); // the status line tells of a server that is gone
    open(state.conversation, false);
    if (wide.matches) $("t-question").focus();
  };

  // A long list of products shows those whose names hold what is typed.
  function narrow({ target }) {
    if (!("narrow" in target.dataset)) return;
    const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const button of target.parentElement.querySelectorAll("[data-product]")) {
      const name = button.dataset.product.toLowerCase();
      button.hidden = !words.every((word) => name.includes(word));
    }
  }

  // The conversation that the address names; anything that is no id of ours is none.
  const named = () => {
    const id = new URLSearchParams(location.search).get("c") || "";
    return tandem.isId(id) ? id : "";
  };

  async function submit() {
    const box = $("t-question");
    if (state.conversation) await opening; // the earlier turns stand above
    const text = box.value.trim();
    if (!text) return;
    if (state.running) return tandem.toast(tandem.say("busy"));
    const [n, most] = [[...text].length, Number(box.dataset.limit)];
    if (n > most) return tandem.toast(tandem.say("long", { n: n.toLocaleString("en"), most: most.toLocaleString("en") }));
    box.value = "";
    tandem.grow();
    ask(text, $("t-product").value, 0, tandem.editEnd(true));
  }

  // ``replaces`` is the turn whose place the question takes, "" for a new one at the end.
  function ask(text, product, passage = 0, replaces = "") {
    if (state.running) return tandem.toast(tandem.say("busy"));
    if (given()) remember(""), $("t-turns").replaceChildren(); // a colleague's conversation is only read
    const ticket = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    view += 1;
    const { turn, old } = newTurn(text, product, replaces);
    state.running = { ticket, turn, old, text, stopping: false, heard: false, checks: 0 };
    busy(true);
    tandem.speak(tandem.say("searching"));
    if (state.mode !== "compare") tandem.panelReserve();
    turn.scrollIntoView({ block: "start" });
    tandem.markConversation(); // the tab is called as the question
    state.ask({ ticket, text, product, passage, replaces, fresh: state.fresh, mode: state.mode, conversation: state.conversation });
    sessionStorage.setItem("tandem.sent", text); // until the server has it, a reload finds it in the box
    watch(state.running);
  }

  const given = () => $("t-turns").querySelector("[data-given]");
  const received = () => sessionStorage.removeItem("tandem.sent");

  // What a question that names no product is about: the filter's, else what was talked of before its place. The server
  // says so with each answer; "" is any product.
  function about() {
    const products = [...$("t-product").options].map((option) => option.value).filter(Boolean);
    const only = $("t-product").value;
    const turns = [...$("t-turns").querySelectorAll(".t-turn")];
    const place = state.editing ? turns.findIndex((turn) => turn.dataset.turn === state.editing.turn) : -1;
    const before = turns.slice(0, place < 0 ? turns.length : place);
    const said = before.map((turn) => turn.querySelector(".t-answer > [data-about]")).filter(Boolean).pop()?.dataset.about;
    const product = products.length < 2 ? "" : only || (state.fresh || !products.includes(said) ? "" : said);
    $("t-about").hidden = !product;
    $("t-about").querySelector("span").textContent = product ? tandem.say(only ? "about.only" : "about", { product }) : "";
  }

  function anyProduct() {
    $("t-product").value = "";
    state.fresh = true; // for the next question; its answer says what is talked of then
    about();
    $("t-question").focus();
  }

  // The question is shown at once, as text; the server's own form of the turn comes with a reload.
  function newTurn(text, product, replaces) {
    if (!state.conversation) $("t-turns").querySelector(".t-start")?.remove();
    const turn = Object.assign(document.createElement("article"), { className: "t-turn" });
    const head = Object.assign(document.createElement("header"), { className: "t-question" });
    const said = document.createElement("div");
    const heading = Object.assign(document.createElement("h2"), { textContent: text, dir: "auto" });
    if (text.length > 300) Object.assign(heading, { className: "ticket", tabIndex: 0 });
    said.append(heading);
    if (product) said.append(Object.assign(document.createElement("p"), { className: "t-asked", textContent: tandem.say("for", { product }) }));
    head.append(said, tools());
    const answer = Object.assign(document.createElement("div"), { className: "t-answer" });
    answer.append(line(tandem.say("searching"), " busy"));
    turn.append(head, answer);
    const old = replaces && document.querySelector(`.t-turn[data-turn="${replaces}"]`);
    if (old) old.replaceWith(turn);
    else $("t-turns").append(turn);
    tandem.times(turn);
    return { turn, old: old || null };
  }

  // The room of the time and the pencil, which come with the kept turn, so that nothing moves for them.
  function tools() {
    const place = Object.assign(document.createElement("div"), { className: "t-tools" });
    const now = Object.assign(document.createElement("time"), { dateTime: new Date().toISOString() });
    place.append(now, Object.assign(document.createElement("span"), { className: "t-tool" }));
    return place;
  }

  const line = (text, more = "") =>
    Object.assign(document.createElement("p"), { className: `t-state${more}`, textContent: text });

  // One update of a streaming answer: {ticket, conversation, phase, html}.
  tandem.answer = (update) => {
    const running = state.running;
    if (!running || !update || update.ticket !== running.ticket) return;
    running.heard = true;
    received();
    watch(running);
    tandem.morph(running.turn.querySelector(".t-answer"), update.html);
    if (update.conversation && update.conversation !== state.conversation) remember(update.conversation);
    if (update.phase === "done") finish(running);
  };

  async function finish(running) {
    clearTimeout(running.watch);
    state.running = null;
    state.fresh = false;
    busy(false);
    about();
    const chips = new Set([...running.turn.querySelectorAll(".t-answer > .t-text .t-chip")].map((chip) => chip.dataset.n));
    const pair = running.turn.querySelector(".t-pair[data-open]");
    tandem.speak(pair ? tandem.say("pair.ready") : chips.size ? tandem.count("ready", chips.size) : tandem.say("ready"));
    tandem.panelFirst(running.turn);
    tandem.listConversations();
    tandem.status();
    if (!state.conversation) return;
    const stored = await storedTurn(running.turn).catch(() => null);
    if (!stored || !running.turn.isConnected) return;
    running.turn.dataset.turn = stored.dataset.turn;
    tandem.morph(running.turn.querySelector(".t-question"), stored.querySelector(".t-question"));
    const earlier = stored.querySelector(".t-earlier"); // the answer stands already, perhaps with an open source
    if (earlier) running.turn.append(earlier);
  }

  // Silence may be a slow answer, a server that is gone, or a stream that broke while the answer was stored.
  function watch(running) {
    clearTimeout(running.watch);
    running.watch = setTimeout(() => checkUp(running), SILENCE);
  }

  async function checkUp(running) {
    if (state.running !== running) return;
    const there = await tandem.json(tandem.path`/asks/${running.ticket}`).catch(() => null);
    if (state.running === running && there?.running) return watch(running); // what is stored of it goes on growing
    const stored = there && state.conversation ? await storedTurn(running.turn).catch(() => null) : null;
    if (state.running !== running) return;
    running.checks += 1;
    if (stored) received();
    if (there && !stored && (running.heard || running.checks < PATIENCE)) return watch(running);
    if (stored) {
      running.turn.dataset.turn = stored.dataset.turn;
      tandem.morph(running.turn, stored);
    } else lost(running, there ? "unheard" : "lost");
    tandem.panelFirst(running.turn);
    state.running = null;
    state.fresh = false;
    busy(false);
    about();
  }

  // A turn of the page as it is kept, once it has an answer.
  async function storedTurn(turn) {
    const html = await tandem.html(tandem.path`/conversations/${state.conversation}`);
    const turns = tandem.nodes(html).querySelectorAll(".t-turn");
    const others = new Set([...document.querySelectorAll(".t-turn")].filter((other) => other !== turn).map((other) => other.dataset.turn));
    const asked = (one) => one.querySelector(".t-question h2").textContent.trim();
    // Another tab may have asked meanwhile, so neither the place nor the number of turns says which one it is.
    const stored = [...turns].filter((one) => !others.has(one.dataset.turn) && asked(one) === asked(turn)).pop();
    return stored && !stored.querySelector("[data-pending]") ? stored : null;
  }

  function lost(running, why) {
    const written = running.turn.querySelector(".t-answer > .t-text");
    const told = tandem.say(written ? "interrupted" : why);
    running.turn.querySelector(".t-state.busy")?.remove();
    running.turn.querySelector(".t-answer").append(line(told));
    tandem.speak(told);
    if (written) return;
    if (running.old && !running.heard) running.turn.before(running.old); // the reworded question never arrived: its turn stays
    $("t-question").value ||= running.text;
    tandem.grow();
    received();
  }

  async function stop() {
    const running = state.running;
    if (!running || running.stopping) return;
    running.stopping = true;
    const busyLine = running.turn.querySelector(".t-state.busy");
    if (busyLine) busyLine.textContent = tandem.say("stopping");
    await tandem.post(tandem.path`/asks/${running.ticket}/stop`);
  }

  function busy(on) {
    $("t-ask").classList.toggle("busy", on);
    document.querySelector(".t-send:not(.stop)").hidden = on;
    document.querySelector(".t-send.stop").hidden = !on;
  }

  // The thread
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
    tandem.editEnd(false);
    tandem.panelClose(false);
    const start = `/start?${new URLSearchParams({ product: tandem.filter() })}`;
    const html = await tandem.guard(() => tandem.html(conversation ? tandem.path`/conversations/${conversation}` : start));
    if (mine !== view) return; // another one was chosen, or a question asked, meanwhile
    if (html === undefined && conversation) return open("");
    tandem.fill($("t-turns"), html || "");
    if (html === undefined) $("t-turns").append(line(tandem.say("offline.page")));
    tandem.times($("t-turns"));
    tandem.markConversation();
    state.fresh = false;
    about();
    const last = $("t-turns").querySelector(".t-turn:last-child");
    if (last) {
      keepOnce(last);
      tandem.panelReserve();
      last.scrollIntoView({ block: "start" });
      tandem.panelFirst(last);
    }
    watchPending(conversation);
  }

  // A question that was sent before a reload stands in the box, unless the server had it.
  function keepOnce(last) {
    const box = $("t-question");
    const held = last.querySelector(".t-question h2").textContent.trim();
    if (state.returned && held === state.returned && box.value === state.returned) {
      box.value = "";
      tandem.grow();
    }
    state.returned = "";
  }

  // Turns that another tab has added to the conversation, or replaced in it, since this one was last looked at.
  async function catchUp() {
    const { conversation } = state;
    const here = () => [...$("t-turns").querySelectorAll(".t-turn")];
    if (!conversation || state.running || !here().every((turn) => turn.dataset.turn)) return;
    const mine = view;
    const stored = [...tandem.nodes(await tandem.html(tandem.path`/conversations/${conversation}`)).querySelectorAll(".t-turn")];
    if (mine !== view || state.running || state.conversation !== conversation) return;
    const shown = here();
    if (stored.map((turn) => turn.dataset.turn).join() === shown.map((turn) => turn.dataset.turn).join()) return;
    stored.forEach((turn, i) => {
      if (!shown[i]) $("t-turns").append(turn);
      else if (shown[i].dataset.turn !== turn.dataset.turn) shown[i].replaceWith(turn);
    });
    tandem.times($("t-turns"));
    about();
    tandem.listConversations();
    watchPending(conversation);
  }

  const watchPending = (conversation) => {
    if ($("t-turns").querySelector("[data-pending], [data-watch]")) setTimeout(() => again(conversation), 1200);
  };

  // A question that is still being answered elsewhere, or manuals that are still being read.
  const again = (conversation) => {
    if (state.conversation === conversation && !state.running && $("t-turns").querySelector("[data-pending], [data-watch]")) {
      open(conversation, false);
      tandem.status();
    }
  };

  Object.assign(tandem, { submit, open, stop, about });
  tandem.on({
    stop,
    anyProduct,
    ask: (button) => ask(button.dataset.question, button.dataset.product, Number(button.dataset.passage || 0)),
    samples: async (button) => {
      button.disabled = true;
      await tandem.post("/manuals/samples");
      open("", false);
    },
  });
})();

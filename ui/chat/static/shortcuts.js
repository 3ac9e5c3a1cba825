// The keys, the question box, the mode switch, and what can be said about an answer.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  const wide = matchMedia("(min-width: 1100px)");

  tandem.keysStart = () => {
    const box = $("t-question");
    // Gradio reloads the page when the server comes back
    const asked = new URLSearchParams(location.search).get("ask"); // from the list of what agents did not get
    box.value = asked || sessionStorage.getItem("tandem.draft") || sessionStorage.getItem("tandem.sent") || "";
    tandem.state.returned = sessionStorage.getItem("tandem.sent") || ""; // unless the conversation turns out to hold it
    sessionStorage.removeItem("tandem.sent"); // it is a draft now
    box.addEventListener("input", grow);
    box.addEventListener("keydown", boxKeys);
    document.addEventListener("keydown", pageKeys);
    document.querySelector("[role=radiogroup]").addEventListener("keydown", radioKeys);
    grow();
  };

  function grow() {
    const box = $("t-question");
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
    sessionStorage.setItem("tandem.draft", box.value);
  }

  function boxKeys(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      tandem.submit();
    } else if (event.key === "ArrowUp" && !event.target.value) {
      const last = [...document.querySelectorAll(".t-turn [data-do=edit]")].pop();
      if (!last) return;
      event.preventDefault();
      edit(last);
    }
  }

  function pageKeys(event) {
    if ($("t-dialog").open) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return event.preventDefault(), tandem.fresh();
    if (event.key === "Escape") return escape();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "/") return event.preventDefault(), $("t-question").focus();
    if (event.key === "?") return keys();
    if (/^[1-9]$/.test(event.key)) tandem.panelNumber(event.key);
  }

  function escape() {
    if (tandem.state.running) return tandem.stop();
    if (tandem.state.editing) return void editEnd(false);
    if (!tandem.panelClose(true) && !wide.matches) tandem.showRail(false);
  }

  // A question that was asked goes back into the box; sent again, it takes the place of its turn.
  function edit(button) {
    if (tandem.state.running) return tandem.toast(tandem.say("busy"));
    const box = $("t-question");
    const before = tandem.state.editing ?? { text: box.value, product: $("t-product").value };
    tandem.state.editing = { text: before.text, product: before.product, turn: button.dataset.turn };
    fillIn(button.dataset.question, button.dataset.product);
    $("t-editing").hidden = false;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  function fillIn(text, product) {
    $("t-question").value = text;
    if ([...$("t-product").options].some((option) => option.value === product)) $("t-product").value = product;
    tandem.about();
    grow();
  }

  // The end of an edit: sent, or given up, which brings back what stood in the box before.
  function editEnd(sent) {
    const { editing } = tandem.state;
    if (!editing) return "";
    tandem.state.editing = null;
    $("t-editing").hidden = true;
    if (!sent) fillIn(editing.text, editing.product);
    tandem.about();
    return editing.turn;
  }

  const keys = () =>
    tandem.dialog({ title: tandem.say("keys.title"), lines: tandem.texts.keys.split("\n").map((line) => line.split("|")) });

  function choose(button) {
    if (button.getAttribute("aria-disabled")) return tandem.toast(button.title);
    tandem.state.mode = button.dataset.mode;
    for (const other of document.querySelectorAll("[data-mode]")) {
      other.setAttribute("aria-checked", String(other === button));
      other.tabIndex = other === button ? 0 : -1;
    }
  }

  // What can be chosen now. A chosen mode stays chosen when its model goes: the answer says what was done instead.
  tandem.modes = (modes) => {
    for (const button of document.querySelectorAll("[data-mode]")) {
      const { live, why } = modes[button.dataset.mode];
      button.title = why;
      if (live) button.removeAttribute("aria-disabled");
      else button.setAttribute("aria-disabled", "true");
    }
  };

  function radioKeys(event) {
    const at = event.target.closest("[role=radio]");
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!at || !step) return;
    const all = [...document.querySelectorAll("[role=radio]")];
    const next = all[(all.indexOf(at) + step + all.length) % all.length];
    event.preventDefault();
    next.focus();
    if (!next.getAttribute("aria-disabled")) choose(next);
  }

  const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

  async function bad(button) {
    if (isPressed(button)) return unrate(button);
    const told = await tandem.dialog({
      title: button.title, yes: button.title,
      fields: [{ name: "reason", label: tandem.say("bad.reason"), value: "" }],
    });
    if (told) await rate(button, false, told.reason);
  }

  async function rate(button, good, reason = "") {
    await tandem.post(tandem.path`/answers/${button.dataset.answer}/rate`, { good, reason });
    voted(button, button, reason.trim() && tandem.say("rated.reason", { reason }));
    tandem.toast(tandem.say(good ? "rated.good" : "rated.bad"));
  }

  async function unrate(button) {
    const { done } = await tandem.post(tandem.path`/answers/${button.dataset.answer}/unrate`);
    voted(button, null, "");
    tandem.toast(tandem.say(done ? "unrated" : "unrated.none"));
  }

  function voted(button, pressed, reason) {
    const row = button.closest(".t-actions");
    for (const other of row.querySelectorAll("[data-do=good], [data-do=bad]")) {
      other.setAttribute("aria-pressed", String(other === pressed));
    }
    row.querySelector(".t-reason").textContent = reason;
  }

  Object.assign(tandem, { grow, editEnd });
  tandem.on({
    mode: choose,
    keys,
    edit,
    keep: () => (editEnd(false), $("t-question").focus()),
    good: (button) => (isPressed(button) ? unrate(button) : rate(button, true)),
    bad,
    check: (button) => {
      const { text, product } = button.dataset;
      sessionStorage.setItem("tandem.check.sent", JSON.stringify({ text, product }));
      location.assign("/check/");
    },
    missing: async (button) => {
      await tandem.post(tandem.path`/answers/${button.dataset.answer}/missing`);
      button.disabled = true;
      button.textContent = tandem.say("missing.done");
      tandem.toast(tandem.say("missing"));
    },
  });
})();

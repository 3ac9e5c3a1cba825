// The page "Check a draft": sends the reply, shows each sentence's verdict as it comes, puts a manual's words in its place.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  let run = 0; // a later check makes an earlier one stop filling the page

  tandem.check = (element) => {
    tandem.start(element);
    tandem.panelStart();
    const box = $("t-draft-text");
    const sent = takeSent();
    box.value = sessionStorage.getItem("tandem.check") || "";
    box.addEventListener("input", keep);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.preventDefault(), check();
    });
    $("t-draft").addEventListener("submit", (event) => (event.preventDefault(), check()));
    document.addEventListener("keydown", (event) => event.key === "Escape" && !$("t-dialog").open && tandem.panelClose(true));
    tandem.guard(() => products(sent?.product || "")).then(() => sent && check());
    if (!matchMedia("(hover: none)").matches) box.focus();
  };

  const keep = () => sessionStorage.setItem("tandem.check", $("t-draft-text").value);

  // An answer that the chat page sent here takes the place of what stood in the box, which can be brought back.
  function takeSent() {
    const sent = JSON.parse(sessionStorage.getItem("tandem.check.sent") || "null");
    if (!sent) return null;
    sessionStorage.removeItem("tandem.check.sent");
    const before = sessionStorage.getItem("tandem.check") || "";
    sessionStorage.setItem("tandem.check", sent.text);
    const back = () => (($("t-draft-text").value = before), keep(), check());
    if (before.trim() && before !== sent.text) tandem.toast(tandem.say("check.replaced"), { label: tandem.say("undo"), run: back });
    return sent;
  }

  async function products(chosen) {
    const { products } = await tandem.json("/status");
    $("t-product").append(...products.map((name) => new Option(name, name)));
    if (products.includes(chosen)) $("t-product").value = chosen;
  }

  async function check() {
    const text = $("t-draft-text").value;
    if (!text.trim()) return $("t-draft-text").focus();
    keep();
    const mine = ++run;
    tandem.panelClose(false);
    const list = Object.assign(document.createElement("ol"), { className: "t-verdicts" });
    const line = Object.assign(document.createElement("p"), { className: "t-state busy", textContent: tandem.say("checking") });
    $("t-turns").replaceChildren(list, line);
    $("t-look").hidden = false;
    look();
    tandem.speak(tandem.say("checking"));
    const done = await tandem.guard(() => rows(text, (row) => mine === run && add(row, list, line)));
    if (mine !== run) return;
    line.remove();
    if (done === undefined) tandem.speak("");
  }

  function add(row, list, line) {
    if (row.words === undefined) {
      list.append(tandem.nodes(row.html));
      look();
      line.textContent = tandem.say("checked", { done: row.done, total: row.total });
      return;
    }
    list.after(tandem.nodes(row.html));
    look(true);
    tandem.speak(row.words);
  }

  // Shows all sentences, or only those that a person has to look at; when all have come and none is left, it says so.
  function look(done = !document.querySelector("#t-turns .t-state.busy")) {
    const only = document.querySelector("[data-do=look]").getAttribute("aria-pressed") === "true";
    document.querySelector(".t-verdicts")?.classList.toggle("only", only);
    $("t-look-none").hidden = !only || !done || Boolean(document.querySelector(".t-verdict.look"));
  }

  // One line of JSON a sentence, as they come.
  async function rows(text, take) {
    const reader = await tandem.stream("/drafts/check", { text, product: $("t-product").value });
    const decoder = new TextDecoder();
    let rest = "";
    let last;
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true }));
      rest += decoder.decode(value || new Uint8Array(), { stream: !done });
      const lines = rest.split("\n");
      rest = lines.pop();
      for (const line of lines) take((last = JSON.parse(line)));
      if (done) break;
    }
    if (!last || last.words === undefined) throw new Error(tandem.say("check.broken"));
    return true;
  }

  tandem.on({
    look: (button) => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      look();
    },
    // The manual's words in place of the sentence; the rest of the reply stays as it is.
    use: (button) => {
      const box = $("t-draft-text");
      const { sentence, quote } = button.dataset;
      if (!box.value.includes(sentence)) return tandem.toast(tandem.say("check.moved"));
      const before = box.value;
      box.value = before.replace(sentence, () => quote);
      keep();
      check();
      tandem.toast(tandem.say("check.used"), { label: tandem.say("undo"), run: () => ((box.value = before), keep(), check()) });
    },
  });
})();

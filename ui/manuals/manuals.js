// The manuals page: watch files, name manuals, several at once, remove them.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  const FEW = 3; // files that are done, beyond which they fold away
  const chosen = new Set(); // ids of the manuals that are worked on together
  let sorted = { by: "", down: false };
  let timer;
  let looking;
  let old = null;
  let asked = new URLSearchParams(location.search).get("show");

  tandem.manuals = (element) => {
    tandem.on(deeds);
    tandem.start(element);
    tandem.uploads(element, refresh);
    $("t-filter").addEventListener("change", filter);
    $("t-list").addEventListener("change", choose);
    $("t-list-search").addEventListener("input", filter);
    addEventListener("focus", gaps);
    $("t-gaps").addEventListener("toggle", near, true);
    words();
    refresh();
    gaps();
  };

  // What agents did not get: it changes with their questions, so it is read when the page is looked at.
  async function gaps() {
    clearTimeout(looking);
    const html = await tandem.html("/manuals/gaps").catch(() => ""); // without a journal there is nothing to list
    $("t-gaps-card").hidden = !html;
    if (/data-unchecked="[1-9]/.test(html)) looking = setTimeout(gaps, 1000); // the server looks on
    if ($("t-gaps").dataset.last === html) return; // whoever is looking at the sections of one goes on
    $("t-gaps").dataset.last = html;
    const shown = [...$("t-gaps").querySelectorAll("details.t-closed[open]")].map((fold) => fold.className);
    tandem.fill($("t-gaps"), html);
    for (const fold of $("t-gaps").querySelectorAll("details.t-closed")) fold.toggleAttribute("open", shown.includes(fold.className));
    tandem.times($("t-gaps"));
  }

  // The sections that are nearest to a question are looked up when they are asked for.
  async function near({ target: fold }) {
    if (!fold.matches(".t-nearest") || !fold.open || fold.dataset.read) return;
    fold.dataset.read = "yes";
    const asked = new URLSearchParams({ question: fold.dataset.question, product: fold.dataset.product });
    const html = await tandem.guard(() => tandem.html(`/manuals/gaps/near?${asked}`));
    if (html) tandem.fill(fold.querySelector("ul"), html);
    else delete fold.dataset.read;
  }

  async function answeredHere(button) {
    const { question, product, passage } = button.dataset;
    button.disabled = true;
    try {
      const made = await tandem.post("/manuals/gaps/answered", { question, product, passage: Number(passage) });
      const told = made.closes ? tandem.say("cures.done") : tandem.say(made.product ? "cures.product" : "cures.kept", { product: made.product });
      tandem.toast(told, { label: tandem.say("undo"), run: () => tandem.guard(() => tandem.post(tandem.path`/approved/${made.key}/undo`).then(gaps)) });
    } finally {
      button.disabled = false;
    }
    await gaps();
  }

  // What customers call it: searched with the manual's word, too.
  async function words() {
    tandem.fill($("t-words"), await tandem.guard(() => tandem.html("/words")) || "");
  }

  async function addWord() {
    const told = await tandem.dialog({
      title: tandem.say("cures.word.title"), body: tandem.say("cures.word.body"), yes: tandem.say("save"),
      fields: [
        { name: "word", label: tandem.say("cures.word.word"), value: "", required: true },
        { name: "means", label: tandem.say("cures.word.means"), value: "", required: true },
      ],
    });
    if (!told) return;
    const { product } = await tandem.post("/words", told);
    tandem.toast(tandem.say(product ? "cures.word.product" : "cures.word.done", { product, word: told.word }));
    await Promise.all([words(), gaps()]);
  }

  async function removeWord({ dataset: { word, means } }) {
    await tandem.post("/words/remove", { word, means });
    await Promise.all([words(), gaps()]);
  }

  async function refresh() {
    clearTimeout(timer);
    const now = await tandem.guard(() => tandem.json("/manuals/state"));
    timer = setTimeout(refresh, now?.running ? 500 : 5000);
    if (!now) return;
    tandem.morph($("t-figures"), now.figures);
    const done = $("t-jobs").querySelector(".t-done > details");
    const unfolded = Boolean(done?.open && !done.firstElementChild.hidden);
    tandem.morph($("t-jobs"), now.jobs);
    $("t-decide").textContent = now.decide ? `(${tandem.count("decide", now.decide)})` : "";
    hideOld();
    fold(unfolded);
    tandem.morph($("t-none"), now.empty);
    tandem.morph($("t-drafts"), now.drafts);
    tandem.times($("t-drafts"));
    if ($("t-removed").dataset.last !== now.removed) {
      const shown = $("t-removed").querySelector("details")?.open;
      $("t-removed").dataset.last = now.removed;
      tandem.fill($("t-removed"), now.removed);
      $("t-removed").querySelector("details")?.toggleAttribute("open", Boolean(shown));
    }
    $("t-list-card").hidden = !now.table;
    if ($("t-list").dataset.last !== now.table) {
      $("t-list").dataset.last = now.table;
      const open = [...$("t-list").querySelectorAll("details[open]")].map((d) => d.closest("tr").dataset.id);
      tandem.fill($("t-list"), now.table);
      tandem.times($("t-list"));
      for (const id of open) $("t-list").querySelector(`tr[data-id="${CSS.escape(id)}"] details`)?.setAttribute("open", "");
      for (const box of boxes()) box.checked = chosen.has(box.value);
      offerGroups();
      order();
      filter();
    }
  }

  // A file that was ready before this page was opened is no news; its manual stands in the list. Faults stay.
  function hideOld() {
    const ended = [...document.querySelectorAll(".t-job.ended")];
    old ??= new Set(ended.map((line) => line.dataset.job));
    for (const line of ended) line.hidden = old.has(line.dataset.job);
    $("t-jobs").hidden = !document.querySelector(".t-job:not([hidden])");
  }

  // Of the files that are done a few are shown; more fold away, so that the manuals stay in view.
  function fold(unfolded) {
    const box = $("t-jobs").querySelector(".t-done");
    if (!box) return;
    const shown = box.querySelectorAll(".t-job:not([hidden])").length;
    const [details] = box.children;
    const [summary] = details.children;
    box.hidden = !shown;
    summary.hidden = shown <= FEW;
    summary.textContent = tandem.count("files.done", shown);
    details.open = summary.hidden || unfolded;
  }

  // The list
  const rows = () => [...$("t-list").querySelectorAll("tbody tr")];
  const boxes = () => [...$("t-list").querySelectorAll("tbody input[type=checkbox]")];

  function filter() {
    const words = $("t-list-search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = $("t-filter").value;
    for (const row of rows()) {
      const text = row.textContent.toLowerCase();
      const { product, warnings, languages, draft } = row.dataset;
      const kept = wanted === "" || (wanted === "none" && !product) || (wanted === "draft" && draft) || (wanted === "warnings" && warnings !== "0") || wanted === `=${product}` || languages.split("|").includes(wanted.slice(1)) && wanted[0] === "~";
      row.hidden = !kept || !words.every((word) => text.includes(word));
    }
    const none = $("t-list-none");
    if (none) none.hidden = !rows().length || rows().some((row) => !row.hidden);
    choose();
  }

  function offerGroups() {
    const select = $("t-filter");
    const before = select.value;
    for (const group of select.querySelectorAll("optgroup")) group.remove();
    const groups = [
      ["filter.products", "=", rows().map((row) => row.dataset.product), 0],
      ["filter.languages", "~", rows().flatMap((row) => row.dataset.languages.split("|")), 1],
    ];
    for (const [label, sign, held, least] of groups) {
      const names = [...new Set(held.filter(Boolean))];
      names.sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
      const group = Object.assign(document.createElement("optgroup"), { label: tandem.say(label) });
      group.append(...names.map((name) => new Option(name, sign + name)));
      if (names.length > least) select.append(group);
    }
    select.value = asked ?? before; // a link that leads here says which manuals are meant
    asked = null;
    if (select.selectedIndex < 0) select.value = "";
  }

  // Several at once: those that are ticked and shown.
  function choose(event) {
    if (event?.target.id === "t-choose-all") {
      for (const box of boxes()) if (!box.closest("tr").hidden) box.checked = event.target.checked;
    }
    chosen.clear();
    for (const box of boxes()) if (box.checked && !box.closest("tr").hidden) chosen.add(box.value);
    $("t-chosen").hidden = !chosen.size;
    $("t-chosen-count").textContent = tandem.count("chosen", chosen.size);
  }

  async function setProducts() {
    const told = await tandem.dialog({
      title: tandem.say("chosen.product.title"), yes: tandem.say("save"),
      fields: [{ name: "product", label: tandem.say("chosen.product"), value: "" }],
    });
    if (!told) return;
    for (const id of [...chosen]) {
      const { name } = $("t-list").querySelector(`tr[data-id="${CSS.escape(id)}"] [data-do="edit-manual"]`).dataset;
      await tandem.post(tandem.path`/manuals/${id}/describe`, { name, product: told.product });
    }
    tandem.toast(tandem.say("saved"));
    await refresh();
  }

  async function removeChosen() {
    const sure = await tandem.dialog({
      title: tandem.say("chosen.remove.title"), body: tandem.say("chosen.remove.body"), yes: tandem.say("remove.yes"), danger: true,
    });
    if (!sure) return;
    const gone = [...chosen];
    for (const id of gone) await tandem.post(tandem.path`/manuals/${id}/remove`);
    const back = async () => {
      for (const id of gone) await tandem.post(tandem.path`/manuals/${id}/restore`);
      await refresh();
    };
    tandem.toast(tandem.count("chosen.removed", gone.length), { label: tandem.say("undo"), run: () => tandem.guard(back) });
    await refresh();
  }

  function order() {
    if (!sorted.by) return;
    const body = $("t-list").querySelector("tbody");
    const value = (row) => row.querySelector(`.c-${sorted.by}`).dataset.value;
    const sortedRows = [...body.rows].sort((a, b) => value(a).localeCompare(value(b), undefined, { numeric: true }));
    body.append(...(sorted.down ? sortedRows.reverse() : sortedRows));
    for (const button of $("t-list").querySelectorAll("[data-by]")) {
      const on = button.dataset.by === sorted.by;
      const way = sorted.down ? "descending" : "ascending";
      button.closest("th").setAttribute("aria-sort", on ? way : "none");
    }
  }

  async function remove({ dataset: { id, name, size } }) {
    const { cited } = await tandem.json(tandem.path`/manuals/${id}/cited`);
    const sure = await tandem.dialog({
      title: tandem.say("remove.title", { name }), body: tandem.say("remove.body", { size, cited }),
      yes: tandem.say("remove.yes"), danger: true,
    });
    if (!sure) return;
    await tandem.post(tandem.path`/manuals/${id}/remove`);
    tandem.toast(tandem.say("remove.done", { name }), {
      label: tandem.say("undo"), run: () => tandem.guard(() => restore({ dataset: { id, name } })),
    });
    await refresh();
  }

  async function restore({ dataset: { id, name } }) {
    await tandem.post(tandem.path`/manuals/${id}/restore`);
    tandem.toast(tandem.say("manual.restored", { name }));
    await refresh();
  }

  // A question that is none for the manuals leaves the list for good; at once, and with Undo, it comes back.
  async function offTopic({ dataset: { question, product } }) {
    const say = (off) => tandem.post("/manuals/gaps/off-topic", { question, product, off }).then(gaps);
    await say(true);
    tandem.toast(tandem.say("off.topic"), { label: tandem.say("undo"), run: () => tandem.guard(() => say(false)) });
  }

  // A question that the manuals should answer: noted for whoever writes them, and with Undo it is not.
  async function missing({ dataset: { question, product } }) {
    const say = (missing) => tandem.post("/manuals/gaps/missing", { question, product, missing }).then(gaps);
    await say(true);
    tandem.toast(tandem.say("missing"), { label: tandem.say("undo"), run: () => tandem.guard(() => say(false)) });
  }

  async function edit({ dataset: { id, name, product, others } }) {
    const labels = [...$("t-list").querySelectorAll("[data-by]")];
    const label = (by) => labels.find((button) => button.dataset.by === by).textContent;
    const told = await tandem.dialog({
      title: tandem.say("edit.title"), yes: tandem.say("save"),
      fields: [
        { name: "name", label: label("name"), value: name, required: true },
        { name: "product", label: label("product"), value: product },
        { name: "others", label: tandem.say("edit.others"), value: others, most: 2000 },
      ],
    });
    if (!told) return;
    if (told.others === others) delete told.others; // they were not touched
    await tandem.post(tandem.path`/manuals/${id}/describe`, told);
    tandem.toast(tandem.say("saved"));
    await refresh();
  }

  // A file in doubt: a person says whether it is a new version or a manual of its own. A file on its way: it is cancelled.
  async function settle(button, what) {
    const { told } = await tandem.post(tandem.path`/jobs/${button.dataset.job}/${what}`);
    tandem.toast(told);
    await refresh();
  }

  const deeds = {
    "answered-here": answeredHere,
    "add-word": addWord,
    "remove-word": removeWord,
    "edit-manual": edit,
    "remove-manual": remove,
    "restore-manual": restore,
    "off-topic": offTopic,
    missing,
    "not-missing": ({ dataset: { question, product } }) => tandem.post("/manuals/gaps/missing", { question, product, missing: false }).then(gaps),
    "on-topic": ({ dataset: { question, product } }) => tandem.post("/manuals/gaps/off-topic", { question, product, off: false }).then(gaps),
    "cancel-job": (button) => settle(button, "cancel"),
    "dismiss-job": (button) => tandem.post(tandem.path`/jobs/${button.dataset.job}/dismiss`).then(refresh),
    "retry-job": (button) => tandem.post(tandem.path`/jobs/${button.dataset.job}/retry`).then(refresh),
    "dismiss-jobs": () => tandem.post("/jobs/dismiss").then(refresh),
    "set-products": setProducts,
    "remove-chosen": removeChosen,
    "same-manual": (button) => settle(button, "version"),
    "own-manual": (button) => settle(button, "own"),
    sort: (button) => {
      sorted = { by: button.dataset.by, down: sorted.by === button.dataset.by && !sorted.down };
      order();
    },
    samples: async (button) => {
      button.disabled = true;
      await tandem.post("/manuals/samples");
      tandem.toast(tandem.say("samples"));
      await refresh();
    },
  };
})();

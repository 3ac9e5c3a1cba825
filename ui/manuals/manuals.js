// The manuals page: drop files, watch them, name them, remove them.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  const AT_ONCE = 2; // uploads at a time; the others wait
  const waiting = [];
  let active = 0;
  let batch = { good: 0, bad: 0 };
  let sorted = { by: "", down: false };
  let timer;
  let looking;
  let old = null;

  tandem.manuals = (element) => {
    tandem.on(deeds);
    tandem.start(element);
    const zone = $("t-drop");
    $("t-files").addEventListener("change", (event) => (add(event.target.files), (event.target.value = "")));
    for (const name of ["dragenter", "dragover"]) {
      element.addEventListener(name, (event) => (event.preventDefault(), zone.classList.add("over")));
    }
    element.addEventListener("dragleave", (event) => event.relatedTarget || zone.classList.remove("over"));
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      add(event.dataTransfer.files);
    });
    $("t-list-search").addEventListener("input", filter);
    addEventListener("focus", gaps);
    refresh();
    gaps();
  };

  // What agents did not get: it changes with their questions, so it is read when the page is looked at.
  async function gaps() {
    clearTimeout(looking);
    const html = await tandem.html("/manuals/gaps").catch(() => ""); // without a journal there is nothing to list
    $("t-gaps-card").hidden = !html;
    const shown = [...$("t-gaps").querySelectorAll("details[open]")].map((fold) => fold.className);
    tandem.fill($("t-gaps"), html);
    for (const fold of $("t-gaps").querySelectorAll("details")) fold.toggleAttribute("open", shown.includes(fold.className));
    tandem.times($("t-gaps"));
    if ($("t-gaps").querySelector("[data-unchecked]:not([data-unchecked='0'])")) looking = setTimeout(gaps, 1000); // the server looks on
  }

  async function refresh() {
    clearTimeout(timer);
    const now = await tandem.guard(() => tandem.json("/manuals/state"));
    timer = setTimeout(refresh, now?.running ? 500 : 5000);
    if (!now) return;
    tandem.morph($("t-figures"), now.figures);
    tandem.morph($("t-jobs"), now.jobs);
    hideOld();
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

  // Uploads: one line for each file until the server has it; from then on the server's list tells.
  function add(files) {
    const limit = Number(document.querySelector(".t-manuals").dataset.limit);
    for (const file of files) {
      const line = newLine(file);
      if (file.size > limit * 1024 * 1024) {
        batch.bad += 1;
        fault(line, tandem.say("large", { name: file.name, n: limit }));
        continue;
      }
      waiting.push({ file, line });
    }
    pump();
  }

  function pump() {
    while (active < AT_ONCE && waiting.length) {
      active += 1;
      send(waiting.shift()).finally(() => ((active -= 1), pump()));
    }
    if (active || waiting.length || !(batch.good + batch.bad)) return;
    const bad = batch.bad ? ` ${tandem.say("summary.bad", { n: batch.bad })}` : "";
    tandem.toast(tandem.count("summary", batch.good) + bad);
    batch = { good: 0, bad: 0 };
  }

  function newLine(file) {
    const line = document.createElement("div");
    line.className = "t-upload";
    const name = Object.assign(document.createElement("b"), { textContent: file.name });
    const size = Object.assign(document.createElement("span"), { className: "t-dim", textContent: sized(file.size) });
    const phase = Object.assign(document.createElement("span"), { className: "t-phase" });
    const bar = Object.assign(document.createElement("span"), { className: "t-progress" });
    bar.append(document.createElement("i"));
    line.append(name, size, phase, bar);
    $("t-uploads").append(line);
    return line;
  }

  const sized = (bytes) => (bytes < 1e6 ? `${bytes ? Math.max(1, Math.round(bytes / 1e3)) : 0} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

  function send({ file, line }) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const phase = line.querySelector(".t-phase");
      const publish = $("t-publish").checked ? "&publish=true" : ""; // else the product's rule says whether it waits
      request.open("POST", `/manuals/upload?name=${encodeURIComponent(file.name)}${publish}`);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.upload.addEventListener("progress", (event) => {
        const share = Math.round((100 * event.loaded) / Math.max(1, event.total));
        phase.textContent = tandem.say("uploading", { n: share });
        line.querySelector("i").style.width = `${share}%`;
      });
      request.addEventListener("load", () => {
        if (request.status === 200) {
          batch.good += 1;
          line.remove();
        } else {
          batch.bad += 1;
          fault(line, told(request.responseText));
        }
        refresh();
        resolve();
      });
      request.addEventListener("error", () => {
        batch.bad += 1;
        fault(line, tandem.say("offline"));
        resolve();
      });
      request.send(file);
    });
  }

  function told(text) {
    try {
      const fault = JSON.parse(text);
      return `${fault.error} ${fault.hint || ""}`.trim();
    } catch {
      return text.slice(0, 200) || tandem.say("offline");
    }
  }

  function fault(line, text) {
    line.classList.add("fault");
    line.querySelector(".t-phase").textContent = text;
    line.querySelector(".t-progress").remove();
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "t-button", textContent: tandem.say("dismiss"),
    });
    button.addEventListener("click", () => line.remove());
    line.append(button);
  }

  // The list
  function filter() {
    const words = $("t-list-search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...$("t-list").querySelectorAll("tbody tr")];
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    const none = $("t-list-none");
    if (none) none.hidden = !rows.length || rows.some((row) => !row.hidden);
  }

  function order() {
    if (!sorted.by) return;
    const body = $("t-list").querySelector("tbody");
    const value = (row) => row.querySelector(`.c-${sorted.by}`).dataset.value;
    const rows = [...body.rows].sort((a, b) => value(a).localeCompare(value(b), undefined, { numeric: true }));
    body.append(...(sorted.down ? rows.reverse() : rows));
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

  // A file in doubt: a person says whether it is a new version or a manual of its own.
  async function settle(button, what) {
    const { told } = await tandem.post(tandem.path`/jobs/${button.dataset.job}/${what}`);
    tandem.toast(told);
    await refresh();
  }

  const deeds = {
    "edit-manual": edit,
    "remove-manual": remove,
    "restore-manual": restore,
    "off-topic": offTopic,
    "on-topic": ({ dataset: { question, product } }) => tandem.post("/manuals/gaps/off-topic", { question, product, off: false }).then(gaps),
    "cancel-job": (button) => tandem.post(tandem.path`/jobs/${button.dataset.job}/cancel`).then(refresh),
    "dismiss-job": (button) => tandem.post(tandem.path`/jobs/${button.dataset.job}/dismiss`).then(refresh),
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

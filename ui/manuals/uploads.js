// Adding files: chosen or dropped, folders too; each is sent, two at a time, and told of until the server has it.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);
  const AT_ONCE = 2; // uploads at a time; the others wait
  const waiting = [];
  let active = 0;
  let batch = { good: 0, bad: 0 };
  let received = () => {};

  // ``whenReceived`` is called after each file.
  tandem.uploads = (element, whenReceived) => {
    received = whenReceived;
    const zone = $("t-drop");
    $("t-files").addEventListener("change", (event) => (add(event.target.files), (event.target.value = "")));
    $("t-folder").addEventListener("change", (event) => (addOfFolder([...event.target.files]), (event.target.value = "")));
    for (const name of ["dragenter", "dragover"]) {
      element.addEventListener(name, (event) => (event.preventDefault(), zone.classList.add("over")));
    }
    element.addEventListener("dragleave", (event) => event.relatedTarget || zone.classList.remove("over"));
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      dropped(event.dataTransfer);
    });
  };

  // What is dropped may be folders; their entries must be asked for before anything is waited for.
  async function dropped(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const folders = entries.filter((entry) => entry.isDirectory);
    if (!folders.length) return add(transfer.files);
    const alone = entries.filter((entry) => entry.isFile);
    add(await Promise.all(alone.map(file)));
    addOfFolder((await Promise.all(folders.map(inside))).flat());
  }

  const file = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

  async function inside(folder) {
    const reader = folder.createReader();
    const found = [];
    for (;;) { // a reader gives a hundred at a time
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) break;
      for (const entry of some) found.push(...(entry.isDirectory ? await inside(entry) : [await file(entry)]));
    }
    return found;
  }

  // Of a folder, what is no manual by its name is left out, and said so.
  function addOfFolder(files) {
    const kinds = $("t-files").accept.split(",");
    const good = files.filter(({ name }) => !name.startsWith(".") && kinds.some((kind) => name.toLowerCase().endsWith(kind)));
    const out = files.filter(({ name }) => !name.startsWith(".")).length - good.length;
    if (!good.length) tandem.toast(tandem.say("folder.none"));
    else if (out) tandem.toast(tandem.say("folder.some", { n: out }));
    add(good.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })));
  }

  // One line for each file until the server has it; from then on the server's list tells.
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
      const publish = $("t-publish").value; // "": the product's rule says whether it waits
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
        received();
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
})();

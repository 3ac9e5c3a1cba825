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

  // One line for each file until the server has it, with which it is cancelled; from then on the server's list tells.
  function add(files) {
    const limit = Number(document.querySelector(".t-manuals").dataset.limit);
    for (const file of files) {
      const line = newLine(file);
      if (file.size > limit * 1024 * 1024) {
        batch.bad += 1;
        fault(line, tandem.say("large", { name: file.name, n: limit }));
        continue;
      }
      const one = { file, line };
      tool(line, tandem.say("cancel"), tandem.say("cancel.named", { name: file.name }), () => cancel(one));
      waiting.push(one);
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

  // It is sent no further, and the server keeps nothing of a file that it has not got whole.
  function cancel(one) {
    if (waiting.includes(one)) waiting.splice(waiting.indexOf(one), 1);
    one.request?.abort();
    one.line.remove();
    tandem.toast(tandem.say("job.cancelled", { name: one.file.name }));
  }

  function tool(line, word, named, run) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "t-button small", textContent: word });
    button.setAttribute("aria-label", named);
    button.addEventListener("click", run);
    line.querySelector(".t-row").append(button);
  }

  function newLine(file) {
    const line = document.createElement("div");
    line.className = "t-upload";
    const name = Object.assign(document.createElement("b"), { textContent: file.name });
    const size = Object.assign(document.createElement("span"), { className: "t-dim", textContent: sized(file.size) });
    const phase = Object.assign(document.createElement("span"), { className: "t-phase" });
    const tools = Object.assign(document.createElement("span"), { className: "t-row" });
    const bar = Object.assign(document.createElement("span"), { className: "t-progress" });
    bar.append(document.createElement("i"));
    line.append(name, size, phase, tools, bar);
    $("t-uploads").append(line);
    return line;
  }

  const sized = (bytes) => (bytes < 1e6 ? `${bytes ? Math.max(1, Math.round(bytes / 1e3)) : 0} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

  function send(one) {
    const { file, line } = one;
    return new Promise((resolve) => {
      const request = (one.request = new XMLHttpRequest());
      const phase = line.querySelector(".t-phase");
      const publish = $("t-publish").value; // "": the product's rule says whether it waits
      request.open("POST", `/manuals/upload?name=${encodeURIComponent(file.name)}${publish}`);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.upload.addEventListener("progress", (event) => {
        const share = Math.round((100 * event.loaded) / Math.max(1, event.total));
        phase.textContent = tandem.say("uploading", { n: share });
        line.querySelector("i").style.width = `${share}%`;
      });
      // The server has it all: what is cancelled now, the server's list cancels.
      request.upload.addEventListener("load", () => line.querySelector(".t-row").replaceChildren());
      request.addEventListener("load", () => {
        if (request.status === 200) {
          batch.good += 1;
          line.remove();
        } else {
          batch.bad += 1;
          fault(line, told(request.responseText), file);
        }
        received();
        resolve();
      });
      request.addEventListener("error", () => {
        batch.bad += 1;
        fault(line, tandem.say("offline"), file);
        resolve();
      });
      request.addEventListener("abort", resolve);
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

  // With ``file``, it can be sent again.
  function fault(line, text, file) {
    const name = line.firstChild.textContent;
    line.classList.add("fault");
    line.querySelector(".t-phase").textContent = text;
    line.querySelector(".t-progress").remove();
    line.querySelector(".t-row").replaceChildren();
    if (file) tool(line, tandem.say("again"), tandem.say("again.named", { name }), () => (line.remove(), add([file])));
    tool(line, tandem.say("dismiss"), tandem.say("dismiss.named", { name }), () => line.remove());
  }
})();

// What both pages share: texts, requests, short messages, dialogs, light and dark, times in the reader's zone.
(() => {
  "use strict";
  const tandem = window.tandem;
  const $ = (id) => document.getElementById(id);

  tandem.say = (key, values = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, () => value), tandem.texts[key]);
  tandem.count = (key, n) => tandem.say(`${key}.${n === 1 ? "one" : "other"}`, { n: n.toLocaleString("en") });

  // Requests. A fault is told once, in the server's words.
  async function send(url, options) {
    let reply;
    if (new URL(url, location.origin).pathname !== url.split("?")[0]) throw new Error(tandem.say("nothing"));
    try {
      reply = await fetch(url, { credentials: "same-origin", ...options });
    } catch (fault) {
      if (!options?.signal) tandem.status?.(); // the status line learns of it at once
      throw Object.assign(new Error(tandem.say("offline")), { slow: fault.name === "TimeoutError" });
    }
    if (reply.ok) return reply;
    const fault = await reply.json().catch(() => ({ error: tandem.say("offline"), hint: "" }));
    if (fault.sign_in) location.assign(`/sign-in?out=1&next=${encodeURIComponent(location.pathname + location.search)}`);
    throw new Error(`${fault.error} ${fault.hint || ""}`.trim());
  }
  // The form of our own ids; nothing else is ever put into a path, so that none leads out of its place.
  tandem.isId = (text) => /^[A-Za-z0-9_-]{1,64}$/.test(text);
  tandem.path = (parts, ...ids) => {
    if (!ids.every(tandem.isId)) throw new Error(tandem.say("nothing"));
    return String.raw({ raw: parts }, ...ids);
  };
  tandem.html = async (url) => {
    const reply = await send(url);
    if (!/^text\/html\b/.test(reply.headers.get("content-type") || "")) throw new Error(tandem.say("offline"));
    return reply.text();
  };
  tandem.json = async (url, options) => (await send(url, options)).json();
  tandem.post = async (url, body) =>
    (
      await send(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body ?? {}),
      })
    ).json();

  tandem.stream = async (url, body) =>
    (
      await send(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
    ).body.getReader();

  // Messages: seen for some seconds, spoken at once; one with an action stays longer.
  tandem.speak = (text) => {
    const line = $("t-spoken");
    if (line) line.textContent = text;
  };
  tandem.toast = (text, action) => {
    const toast = document.createElement("div");
    toast.className = "t-toast";
    toast.append(Object.assign(document.createElement("span"), { textContent: text }));
    const leave = () => toast.remove();
    if (action) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: action.label });
      button.addEventListener("click", () => (leave(), action.run()));
      toast.append(button);
    }
    $("t-toasts").replaceChildren(toast);
    tandem.speak(text);
    setTimeout(leave, action ? 8000 : 4000);
  };
  tandem.guard = async (work) => {
    try {
      return await work();
    } catch (error) {
      tandem.toast(error.message);
      return undefined;
    }
  };

  // A dialog with a title, fields and two buttons; resolves to the fields' values, or to null.
  tandem.dialog = ({ title, body = "", fields = [], yes, danger = false, lines = [], lights = [] }) =>
    new Promise((resolve) => {
      const dialog = $("t-dialog");
      const form = Object.assign(document.createElement("form"), { method: "dialog" });
      const heading = Object.assign(document.createElement("h2"), { textContent: title, id: "t-dialog-title" });
      form.append(heading);
      if (body) form.append(Object.assign(document.createElement("p"), { textContent: body }));
      if (lines.length) form.append(keyList(lines));
      for (const [light, why] of lights) form.append(told(light, why));
      for (const field of fields) {
        const label = Object.assign(document.createElement("label"), { textContent: field.label });
        const input = Object.assign(document.createElement(field.long ? "textarea" : "input"), {
          name: field.name, value: field.value, maxLength: field.most || 200, required: Boolean(field.required), autocomplete: "off",
        });
        label.append(input);
        form.append(label);
      }
      const row = Object.assign(document.createElement("div"), { className: "t-dialog-row" });
      const cancel = Object.assign(document.createElement("button"), {
        type: "button", className: "t-button", textContent: tandem.say(yes ? "cancel" : "close"),
      });
      row.append(cancel);
      if (yes) {
        const kind = danger ? "danger" : "main";
        row.append(Object.assign(document.createElement("button"), {
          type: "submit", className: `t-button ${kind}`, textContent: yes,
        }));
      }
      form.append(row);
      dialog.setAttribute("aria-labelledby", "t-dialog-title");
      dialog.replaceChildren(form);
      let result = null;
      form.addEventListener("submit", () => (result = Object.fromEntries(new FormData(form))));
      cancel.addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => resolve(result), { once: true });
      dialog.showModal();
      (form.querySelector("input, textarea") || cancel).focus();
    });

  function told(light, why) {
    const row = document.createElement("p");
    row.append(light.cloneNode(true));
    if (why) row.append(Object.assign(document.createElement("span"), { className: "t-why", textContent: why }));
    return row;
  }

  function keyList(lines) {
    const list = Object.assign(document.createElement("dl"), { className: "t-keys" });
    for (const [key, text] of lines) {
      list.append(
        Object.assign(document.createElement("dt"), { textContent: key }),
        Object.assign(document.createElement("dd"), { textContent: text }),
      );
    }
    return list;
  }

  // Replace only what differs, so that a selection, a focus or an open fold in the rest stays.
  tandem.morph = (target, html) => {
    merge(target, typeof html === "string" ? tandem.nodes(html) : html);
    tandem.times(target);
  };
  function merge(old, next) {
    const before = [...old.childNodes];
    const after = [...next.childNodes];
    after.forEach((node, i) => {
      const there = before[i];
      if (!there) old.append(node);
      else if (there.isEqualNode(node)) return;
      else if (there.nodeType === 1 && node.nodeType === 1 && there.tagName === node.tagName && sameTag(there, node)) merge(there, node);
      else there.replaceWith(node);
    });
    before.slice(after.length).forEach((node) => node.remove());
  }
  const sameTag = (a, b) => a.cloneNode(false).isEqualNode(b.cloneNode(false));

  // "12 Nov 2026, 14:05" in the reader's zone.
  tandem.times = (root) => {
    for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
      const moment = new Date(time.dateTime);
      if (Number.isNaN(moment.getTime())) continue;
      const day = moment.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
      const hour = moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      const today = new Date().toDateString() === moment.toDateString();
      time.textContent = time.closest(".t-question") && today ? hour : `${day.replace("Sept", "Sep")}, ${hour}`;
      time.dataset.local = "yes";
    }
  };

  // Light and dark: the system decides until the reader does. Gradio follows its own class on the body.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => localStorage.getItem("tandem.theme") || (dark.matches ? "dark" : "light");
  tandem.paint = () => {
    document.documentElement.dataset.theme = chosen();
    document.body?.classList.toggle("dark", chosen() === "dark");
  };
  tandem.flipTheme = () => {
    localStorage.setItem("tandem.theme", chosen() === "dark" ? "light" : "dark");
    tandem.paint();
  };
  tandem.paint();
  dark.addEventListener("change", () => setTimeout(tandem.paint));
  document.addEventListener("DOMContentLoaded", tandem.paint);

  // What was typed in a tab is for whoever typed it: somebody else who signs in there does not find it.
  function mine(name) {
    const before = sessionStorage.getItem("tandem.reader");
    if (before && before !== name) sessionStorage.clear();
    sessionStorage.setItem("tandem.reader", name);
  }

  // Who reads: links that are not for them are not there.
  function welcome(element) {
    const reader = document.querySelector("meta[name=tandem-reader]");
    if (!reader) return;
    mine(reader.content);
    const rights = reader.dataset.rights.split(" ");
    for (const link of element.querySelectorAll("[data-right]")) link.hidden = !rights.includes(link.dataset.right);
    const person = element.querySelector("#t-person");
    person.title = reader.content || tandem.say("account.local");
    person.ariaLabel = `${tandem.say("account")}: ${person.title}`;
  }

  // Actions: a button says what it does in data-do; a page registers what that means.
  const deeds = { theme: () => tandem.flipTheme() };
  tandem.on = (more) => Object.assign(deeds, more);
  tandem.start = (element) => {
    tandem.paint();
    document.getElementById("t-first")?.remove(); // the page stands now
    welcome(element);
    element.addEventListener("click", (event) => {
      const target = event.target.closest("[data-do]");
      const deed = target && deeds[target.dataset.do];
      if (!deed) return;
      event.preventDefault();
      tandem.guard(() => deed(target, event));
    });
  };

  // Plain text, and the same with its lists for whoever takes formatted text.
  const formatted = (text, html) => {
    const of = (type, content) => [type, new Blob([content], { type })];
    return new ClipboardItem(Object.fromEntries([of("text/plain", text), of("text/html", html)]));
  };

  deeds.more = (button) => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
  deeds.copy = async (button) => {
    const { text, html, count } = button.dataset;
    const n = Number(count);
    const unsure = Number(button.dataset.unsure || 0);
    try {
      await (html && window.ClipboardItem ? navigator.clipboard.write([formatted(text, html)]) : navigator.clipboard.writeText(text));
    } catch {
      return tandem.toast(tandem.say("copy.failed"));
    }
    if (unsure) return tandem.toast(tandem.count("copied.unsure", unsure));
    tandem.toast(n > 0 ? tandem.count("copied", n) : tandem.say(n === -2 ? "copied.quote" : "copied"));
  };
})();

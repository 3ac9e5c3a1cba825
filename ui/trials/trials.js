// Two answers side by side: the vote, by mouse and by key, and what is said of them afterwards.
(() => {
  "use strict";
  const tandem = window.tandem;
  const sending = new Set(); // pairs of which something is on its way
  const KEYS = { a: "a", b: "b", e: "tie", n: "neither" };

  addEventListener("keydown", (event) => {
    const inThread = event.target === document.body || event.target.closest?.(".t-thread");
    if (!inThread || event.repeat || event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const pair = [...document.querySelectorAll(".t-pair[data-open]")].pop();
    const choice = KEYS[event.key.toLowerCase()];
    if (!pair || !choice || !seen(pair.querySelector("[data-choice]"))) return;
    event.preventDefault();
    pair.querySelector(`[data-choice=${choice}]`).click();
  });

  // An evaluation that is worked on shows how far it is.
  addEventListener("DOMContentLoaded", () => {
    if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 2500);
  });

  // Whoever does not see the pair does not mean it.
  function seen(button) {
    const { top, bottom } = button.getBoundingClientRect();
    const thread = button.closest(".t-thread").getBoundingClientRect();
    return top >= thread.top && bottom <= thread.bottom;
  }

  // What the server makes of it takes the place of the pair; the focus stays at it.
  async function say(button, deed, body) {
    const pair = button.closest(".t-pair");
    const answer = pair.closest(".t-answer");
    if (sending.has(pair.dataset.pair)) return null;
    sending.add(pair.dataset.pair);
    try {
      const { html } = await tandem.post(tandem.path`/pairs/${pair.dataset.pair}/${deed}`, body);
      tandem.morph(answer, html);
    } finally {
      sending.delete(pair.dataset.pair);
    }
    tandem.panelFirst?.(answer.closest(".t-turn"));
    return answer.querySelector(".t-pair");
  }

  async function vote(button) {
    const chosen = button.closest(".t-pair").querySelector("[data-reason][aria-pressed=true]");
    const correct = !button.closest(".t-pair").hasAttribute("data-open");
    const after = await say(button, "vote", { choice: button.dataset.choice, reason: chosen?.dataset.reason || "", correct });
    if (!after) return;
    Object.assign(after.querySelector(".t-state"), { tabIndex: -1 }).focus({ preventScroll: true });
    tandem.speak(tandem.say("pair.voted"));
    tandem.about();
  }

  tandem.on({
    vote,
    why: (button) => {
      const on = button.getAttribute("aria-pressed") !== "true";
      for (const other of button.parentElement.querySelectorAll("[data-reason]")) other.setAttribute("aria-pressed", String(on && other === button));
    },
    skip: (button) => say(button, "skip", {}),
    take: async (button) => {
      await say(button, "take", { side: button.dataset.side });
      tandem.about();
    },
    support: (button) => say(button, "support", { side: button.dataset.side, support: button.dataset.support }),
  });
})();

// Approved answers: proposing one in the chat; the source panel of their own page.
(() => {
  "use strict";
  const tandem = window.tandem;

  addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector(".t-plain [data-approved]")) return;
    tandem.panelStart();
    document.addEventListener("keydown", (event) => event.key === "Escape" && !document.querySelector("dialog[open]") && tandem.panelClose(true));
  });

  const mayApprove = () => document.querySelector("meta[name=tandem-reader]")?.dataset.rights.split(" ").includes("manuals");

  tandem.on({
    propose: async (button) => {
      const copy = button.closest(".t-actions").querySelector("[data-do=copy]");
      const given = await tandem.dialog({
        title: tandem.say("propose.title"),
        body: tandem.say("propose.body"),
        fields: [{ name: "text", label: tandem.say("propose.label"), value: copy?.dataset.text || "", long: true, most: 20000, required: true }],
        yes: tandem.say("propose.yes"),
      });
      button.focus();
      if (!given) return;
      await tandem.post(tandem.path`/answers/${button.dataset.answer}/propose`, { text: given.text });
      const open = { label: tandem.say("propose.open"), run: () => location.assign("/approved") };
      tandem.toast(tandem.say("propose.done"), mayApprove() ? open : undefined);
    },
  });
})();

// Our pages without Gradio: the account, people, signing in. Their forms work without this.
(() => {
  "use strict";
  const tandem = window.tandem;

  addEventListener("DOMContentLoaded", () => {
    const page = document.querySelector(".t-plain");
    if (!page) return;
    tandem.start(page);
    tandem.times(page);
    page.addEventListener("submit", sure);
    page.addEventListener("submit", ({ target }) => target.action.endsWith("/sign-out") && sessionStorage.clear());
  });

  // What cannot be undone is asked about first.
  async function sure(event) {
    const question = event.target.dataset.sure;
    if (!question) return;
    event.preventDefault();
    if (await tandem.dialog({ title: question, yes: tandem.say("remove.yes"), danger: true })) event.target.submit();
  }
})();

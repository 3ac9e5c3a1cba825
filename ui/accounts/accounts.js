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
    const { sure: question, yes, unless } = (event.submitter?.dataset.sure ? event.submitter : event.target).dataset;
    if (!question || (unless && event.target.querySelector(`[value="${unless}"]:checked`))) return;
    event.preventDefault();
    if (!(await tandem.dialog({ title: question, yes: yes || tandem.say("remove.yes"), danger: !yes }))) return;
    const elsewhere = event.submitter?.getAttribute("formaction");
    if (elsewhere) event.target.action = elsewhere;
    event.target.submit();
  }
})();

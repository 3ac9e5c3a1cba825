// Our pages without Gradio: the account, people, signing in. Their forms work without this.
(() => {
  "use strict";
  const tandem = window.tandem;

  addEventListener("DOMContentLoaded", () => {
    const page = document.querySelector(".t-plain");
    if (!page) return;
    tandem.start(page);
    tandem.times(page);
    for (const table of page.querySelectorAll(".t-table-wrap > table")) sortable(table);
    page.addEventListener("submit", sure);
    page.addEventListener("submit", ({ target }) => target.action.endsWith("/sign-out") && sessionStorage.clear());
  });

  // The headings of a table sort its rows: a moment by time, all else by what stands there, numbers as numbers.
  function sortable(table) {
    const [body] = table.tBodies;
    if (!table.tHead || body.rows.length < 2) return;
    for (const head of table.tHead.rows[0].cells) {
      if (head.querySelector(".t-hidden") || !head.textContent.trim()) continue;
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
      button.addEventListener("click", () => sort(body, head));
      head.replaceChildren(button);
    }
  }

  function sort(body, head) {
    const down = head.ariaSort === "ascending";
    const value = ({ cells }) => cells[head.cellIndex].querySelector("time")?.dateTime ?? cells[head.cellIndex].textContent.trim();
    const rows = [...body.rows].sort((a, b) => value(a).localeCompare(value(b), undefined, { numeric: true }));
    body.append(...(down ? rows.reverse() : rows));
    for (const other of head.parentNode.cells) other.ariaSort = null;
    head.ariaSort = down ? "descending" : "ascending";
  }

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

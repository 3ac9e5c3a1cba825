// Printing: all sources unfolded; one answer alone when its button asked for it.
(() => {
  "use strict";
  const tandem = window.tandem;
  let folded = [];

  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll(".t-sources details:not([open]), .t-rest:not([open])")];
    for (const fold of folded) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of folded) fold.open = false;
    document.getElementById("t-app")?.classList.remove("one");
    document.querySelectorAll(".t-turn.printed").forEach((turn) => turn.classList.remove("printed"));
  });

  tandem.on({
    print: (button) => {
      document.getElementById("t-app").classList.add("one");
      button.closest(".t-turn").classList.add("printed");
      window.print();
    },
    states: () => tandem.dialog({ title: tandem.say("states.title"), lines: tandem.texts.states.split("\n").map((line) => line.split("|")) }),
  });
})();

"use strict";

// The slider moves the day of the form beside it; what holds that day takes the place of what is shown.
(() => {
  const slide = document.getElementById("slide");
  const on = document.getElementById("on");
  const form = on.form;
  const start = Date.parse(slide.dataset.start + "T00:00:00Z");
  const dayMillis = 86400000;
  const words = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
  let timer = 0;
  let asked = null;

  const show = () => {
    const query = new URLSearchParams(new FormData(form));
    for (const name of [...query.keys()]) {
      if (query.get(name) === "") {
        query.delete(name);
      }
    }
    const address = form.action + "?" + query;
    if (asked) {
      asked.abort();
    }
    // Answers as a document: no text is made into markup here.
    asked = new XMLHttpRequest();
    asked.open("GET", address);
    asked.responseType = "document";
    asked.onload = (event) => {
      const found = event.target.response && event.target.response.getElementById("found");
      if (event.target.status === 200 && found) {
        document.getElementById("found").replaceWith(document.importNode(found, true));
        history.replaceState(null, "", address);
      }
    };
    asked.send();
  };

  slide.addEventListener("input", () => {
    const day = new Date(start + slide.valueAsNumber * dayMillis);
    on.value = day.toISOString().slice(0, 10);
    slide.setAttribute("aria-valuetext", words.format(day));
    clearTimeout(timer);
    timer = setTimeout(show, 120);
  });

  on.addEventListener("change", () => {
    if (on.valueAsNumber) {
      slide.value = Math.round((on.valueAsNumber - start) / dayMillis);
      slide.setAttribute("aria-valuetext", words.format(new Date(on.valueAsNumber)));
    }
  });

  document.getElementById("slide-label").hidden = false;
})();

(() => {
  const form = document.querySelector(".tools form");
  if (!form) return;
  form.hidden = false;
  const rows = [...document.querySelectorAll(".row")];
  const count = form.querySelector("output");
  let now = -1;
  const show = () => {
    const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
    const type = form.elements.type ? form.elements.type.value : "";
    const only = form.elements.only && form.elements.only.checked;
    const shown = new Set();
    for (const row of rows) {
      let open = 0;
      for (const note of row.querySelectorAll(".notes li")) {
        const fits = severities.has(note.dataset.severity) && (!type || note.dataset.type === type);
        note.hidden = !fits;
        open += fits ? 1 : 0;
        if (fits) shown.add(note.dataset.number);
      }
      row.hidden = (only || type !== "") && open === 0;
      row.dataset.open = open;
    }
    if (count) count.textContent = shown.size + " shown";
  };
  const go = (step) => {
    const open = rows.filter((row) => !row.hidden && Number(row.dataset.open) > 0);
    if (!open.length) return;
    const here = open.indexOf(rows[now]);
    const next = open[here < 0 ? (step > 0 ? 0 : open.length - 1) : (here + step + open.length) % open.length];
    rows.forEach((row) => row.classList.remove("now"));
    next.classList.add("now");
    next.scrollIntoView({ block: "center" });
    now = rows.indexOf(next);
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => go(Number(button.value))));
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n" || event.key === "j") go(1);
    if (event.key === "p" || event.key === "k") go(-1);
  });
  show();
})();

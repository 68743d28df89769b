(() => {
  const form = document.querySelector(".tools form");
  if (!form) return;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const rows = all(".row").map((row) => ({ row, notes: [...row.querySelectorAll(".notes li")] }));
  const notes = rows.flatMap(({ notes }) => notes);
  const entries = all(".index li");
  const marks = all("mark[data-of]").map((mark) => ({ mark, of: mark.dataset.of.split(" ") }));
  const index = document.querySelector(".index details");
  const title = index && index.querySelector("summary");
  const status = form.querySelector("output");
  // The notes that next and previous go through: one a finding, the first that is shown.
  let stops = [];
  let now = null;

  const tell = () => {
    const at = stops.indexOf(now);
    status.textContent = at < 0 ? "" : at + 1 + " of " + stops.length;
  };

  const show = () => {
    const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
    const type = form.elements.type.value;
    const only = form.elements.only.checked;
    const shown = new Set();
    stops = [];
    for (const { row, notes } of rows) {
      let open = 0;
      for (const note of notes) {
        const fits = severities.has(note.dataset.severity) && (!type || note.dataset.type === type);
        note.hidden = !fits;
        if (!fits) continue;
        open += 1;
        if (!shown.has(note.dataset.number)) stops.push(note);
        shown.add(note.dataset.number);
      }
      row.hidden = only && open === 0;
      row.classList.toggle("calm", open === 0);
    }
    for (const gap of all(".gap")) gap.hidden = only;
    for (const entry of entries) entry.hidden = !shown.has(entry.dataset.number);
    for (const { mark, of } of marks) mark.classList.toggle("off", !of.some((number) => shown.has(number)));
    if (title) title.textContent = shown.size === entries.length
      ? entries.length + (entries.length === 1 ? " finding" : " findings")
      : shown.size + " of " + entries.length + " findings";
    tell();
  };

  const stand = (note) => {
    if (now) now.closest(".row").classList.remove("now");
    for (const entry of entries) entry.removeAttribute("aria-current");
    now = note;
    now.closest(".row").classList.add("now");
    const entry = entries.find((entry) => entry.dataset.number === now.dataset.number);
    if (entry) {
      entry.setAttribute("aria-current", "true");
      const list = entry.closest("ol");
      if (list.scrollHeight > list.clientHeight) list.scrollTop = entry.offsetTop - list.clientHeight / 2;
    }
    tell();
  };

  const go = (step) => {
    if (!stops.length) return;
    const here = stops.indexOf(now);
    stand(stops[here < 0 ? (step > 0 ? 0 : stops.length - 1) : (here + step + stops.length) % stops.length]);
    now.closest(".row").scrollIntoView({ block: "center" });
    now.focus({ preventScroll: true });
  };

  const arrive = () => {
    const note = location.hash.startsWith("#f") && document.getElementById(location.hash.slice(1));
    if (note && notes.includes(note)) stand(note);
  };

  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelectorAll("button").forEach((button) => button.addEventListener("click", () => go(Number(button.value))));
  window.addEventListener("hashchange", arrive);
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n" || event.key === "j") go(1);
    if (event.key === "p" || event.key === "k") go(-1);
  });
  // A printed list is whole, so it is open unless the screen is small.
  if (index && matchMedia("(max-width: 44rem)").matches) index.open = false;
  window.addEventListener("beforeprint", () => { if (index) index.open = true; });
  form.hidden = false;
  show();
  arrive();
})();

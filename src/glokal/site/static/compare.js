// Lets a reader choose which municipalities stand side by side; the choice is in the
// address. Without it the page shows all, and has links to each pair.
const form = document.querySelector("form.chosen");

function apply() {
  const boxes = [...form.elements.m];
  const on = boxes.map((box) => box.checked);
  const few = on.filter(Boolean).length <= 2;
  for (const box of boxes) box.disabled = few && box.checked;
  for (const row of document.querySelectorAll(".compared tr")) {
    on.forEach((shown, n) => {
      row.cells[n + 1].hidden = !shown;
    });
    // A row that none of the chosen has says nothing.
    const cells = [...row.cells].slice(1, on.length + 1).filter((cell) => !cell.hidden);
    row.hidden = row.parentElement.tagName === "TBODY" && cells.every((cell) => cell.querySelector(".none"));
  }
  // What one has alone stands under its name.
  boxes.forEach((box, n) => {
    const own = document.querySelector(`.alone [data-of="${CSS.escape(box.value)}"]`);
    if (own) own.hidden = !on[n];
  });
}

function read() {
  const asked = new URLSearchParams(location.search).getAll("m");
  const known = [...form.elements.m].filter((box) => asked.includes(box.value));
  for (const box of form.elements.m) box.checked = known.length < 2 || known.includes(box);
  apply();
}

if (form) {
  form.hidden = false;
  form.addEventListener("change", () => {
    const to = new URL(location.href);
    to.searchParams.delete("m");
    const chosen = [...form.elements.m].filter((box) => box.checked);
    if (chosen.length < form.elements.m.length) {
      for (const box of chosen) to.searchParams.append("m", box.value);
    }
    history.pushState(null, "", to);
    apply();
  });
  addEventListener("popstate", read);
  read();
}

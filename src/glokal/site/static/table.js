// Sorts and filters the answers. Without this script the tables read just as well.
"use strict";
for (const table of document.querySelectorAll("table[data-sort]")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const text = (row) => row.cells[column].textContent;
      rows.sort((a, b) => order.compare(text(a), text(b)) * (down ? -1 : 1));
      body.append(...rows);
    });
  });
  if (rows.length < 8) continue;
  const box = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const told = document.createElement("p");
  box.className = "filter";
  label.htmlFor = input.id = table.id + "-filter";
  label.textContent = table.dataset.filter;
  input.type = "search";
  told.setAttribute("role", "status");
  told.className = "note";
  const count = (left) => { told.textContent = `${left} / ${rows.length} ${table.dataset.left}`; };
  input.addEventListener("input", () => {
    const wanted = input.value.toLocaleLowerCase();
    let left = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
      if (!row.hidden) left += 1;
    }
    count(left);
  });
  count(rows.length);
  box.append(label, input, told);
  table.closest(".scroll").before(box);
}

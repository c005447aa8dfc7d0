// Sorts and filters the answers. Without this script the tables read just as well.
// What is chosen stands in the address, so that a page one comes back to is as one left it.
"use strict";
const address = new URL(location.href);
function keep(name, value) {
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
  history.replaceState(history.state, "", address);
}
for (const table of document.querySelectorAll("table[data-sort]")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
  // A page with one table has short names in its address.
  const own = (name) => (table.id === "t" ? name : `${name}-${table.id}`);
  const sort = (column, down) => {
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const text = (row) => row.cells[column].dataset.number ?? row.cells[column].textContent;
    rows.sort((a, b) => order.compare(text(a), text(b)) * (down ? -1 : 1));
    body.append(...rows);
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      sort(column, down);
      keep(own("sort"), `${down ? "-" : ""}${column + 1}`);
    });
  });
  const asked = /^(-?)([1-9]\d?)$/.exec(address.searchParams.get(own("sort")) ?? "");
  if (asked && heads[asked[2] - 1]) sort(asked[2] - 1, asked[1] === "-");
  if (rows.length < 8) continue;
  const box = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const told = document.createElement("p");
  box.className = "filter";
  label.htmlFor = input.id = table.id + "-filter";
  label.textContent = table.dataset.filter;
  input.type = "search";
  // The address has it; what the browser remembers of the field may be older.
  input.autocomplete = "off";
  told.setAttribute("role", "status");
  told.className = "note";
  const count = (left) => { told.textContent = `${left} / ${rows.length} ${table.dataset.left}`; };
  const filter = () => {
    const wanted = input.value.toLocaleLowerCase();
    let left = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
      if (!row.hidden) left += 1;
    }
    count(left);
  };
  input.addEventListener("input", () => {
    filter();
    keep(own("filter"), input.value);
  });
  input.value = address.searchParams.get(own("filter")) ?? "";
  filter();
  box.append(label, input, told);
  table.closest(".scroll").before(box);
}

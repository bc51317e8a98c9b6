import "./decisions.js";

for (const row of document.querySelectorAll("table.runs tbody tr")) {
  const link = row.querySelector(".row-link");
  if (!link) continue;
  row.addEventListener("click", (event) => {
    if (!event.target.closest("a, button") && !getSelection().toString()) link.click();
  });
}

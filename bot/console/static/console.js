// The little that pages need beside htmx.
document.addEventListener("click", (event) => {
  if (event.target.matches("[data-print]")) window.print();
});

// The search page: the words of its address are looked for at once.
if (window.PagefindUI && location.protocol !== "file:") {
  document.getElementById("no-search").remove();
  const words = new URLSearchParams(location.search).get("q") || "";
  const search = new PagefindUI({
    element: "#search", showSubResults: true, showImages: false, resetStyles: false,
  });
  if (words) search.triggerSearch(words);
}

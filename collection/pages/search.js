// 除籍候補: "/" outside of text fields puts the focus in the search.
(() => {
  if (window.searchKey) return;
  window.searchKey = true;
  document.addEventListener("keydown", (event) => {
    const field = document.querySelector(".st-key-filter_text input");
    const at = document.activeElement;
    if (event.key !== "/" || !field || event.ctrlKey || event.altKey || event.metaKey || at.matches("input, textarea, [contenteditable=true]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  }, true);
})();

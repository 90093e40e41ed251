// リクエスト: what is scanned or typed while nothing has the focus goes into the line; "/" only puts the focus there.
(() => {
  if (window.requestLine) return;
  window.requestLine = true;
  document.addEventListener("keydown", (event) => {
    const line = document.querySelector(".st-key-req_line input");
    const idle = document.activeElement === document.body;
    if (!line || !idle || event.key.length !== 1 || event.key === " " || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/") event.preventDefault();
    line.focus();
  }, true);
})();

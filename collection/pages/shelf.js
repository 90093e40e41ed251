// 書架モード: what is scanned or typed reaches the one field, wherever the focus was, and a lone 1–4 or u is a key.
(() => {
  if (window.shelfKeys) return;
  window.shelfKeys = true;
  const PAUSE = 350; // ms: a scanner sends a whole number in about 50
  let waiting;
  const field = () => document.querySelector(".st-key-shelf_scan input");
  const writes = (element) => element && element !== field() && element.matches("input, textarea, [contenteditable=true], [role=combobox]");
  const focus = () => field() && !writes(document.activeElement) && field().focus({ preventScroll: true });

  document.addEventListener("keydown", (event) => {
    const input = field();
    if (!input || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || writes(document.activeElement)) return;
    clearTimeout(waiting);
    if (event.key === "Enter" && document.activeElement === input) setTimeout(() => input.select()); // the next scan replaces this one
    if (event.key.length !== 1 || event.key === " ") return;
    if (document.activeElement !== input) input.focus({ preventScroll: true });
    const button = document.querySelector(`.st-key-shelf_key_${event.key.toLowerCase()} button`);
    const alone = !input.value || input.selectionEnd - input.selectionStart === input.value.length;
    if (button && alone) waiting = setTimeout(() => {
      if (input.value !== event.key) return;
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, "");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      button.click();
    }, PAUSE);
  }, true);
  document.addEventListener("click", () => setTimeout(focus)); // after a button, back to the field
  new MutationObserver(() => document.activeElement === document.body && focus()).observe(document.body, { childList: true, subtree: true });
  focus();
})();

// 寄贈・寄託: the scan field has the focus when it appears, and again after a scan or a button, unless something else is written in.
(() => {
  if (window.giftScan) return;
  window.giftScan = true;
  const field = () => document.querySelector(".st-key-gift_scan input");
  const idle = () => [document.body, null].includes(document.activeElement) || document.activeElement.matches("button");
  const focus = () => field() && idle() && field().focus({ preventScroll: true });
  new MutationObserver(() => document.activeElement === document.body && focus()).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("click", (event) => event.target.closest?.(".st-key-gift_undo") && setTimeout(focus));
  focus();
})();

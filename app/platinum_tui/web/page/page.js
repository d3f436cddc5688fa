const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/;

// What a request's text links to is shown, and never opened from here.
window.open = () => null;

// A text that holds the sequence which ends a paste would press keys with what follows it. So none with controls is taken.
window.addEventListener("paste", (event) => {
  if (CONTROLS.test(event.clipboardData?.getData("text/plain") ?? "")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

document.addEventListener("DOMContentLoaded", () => {
  const { host, pathname } = window.location;
  document.getElementById("terminal").dataset.sessionWebsocketUrl = `ws://${host}${pathname}ws`;
  document.getElementById("again").addEventListener("click", () => window.location.reload());
});

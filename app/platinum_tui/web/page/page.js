// What a request's text links to is shown, and never opened from here.
window.open = () => null;
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("again").addEventListener("click", () => window.location.reload());
});

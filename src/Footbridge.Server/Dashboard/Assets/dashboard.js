// What a page cannot do from the server: keep the chosen theme, and tell the next page whether the system is dark.
"use strict";
(() => {
  const keep = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => keep("footbridge_scheme", system.matches ? "dark" : "light");
  tell();
  system.addEventListener("change", tell);
  window.footbridge = { keepTheme: theme => keep("footbridge_theme", theme) };
})();

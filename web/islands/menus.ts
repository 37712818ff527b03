/** Menus close when one looks elsewhere: with Escape, or with a click beside them. */

const OPEN = "details.menu[open]";

export default function mount(root: HTMLElement): void {
  root.addEventListener("click", (event) => {
    for (const menu of root.querySelectorAll<HTMLDetailsElement>(OPEN)) {
      if (!menu.contains(event.target as Node)) menu.open = false;
    }
  });
  root.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" ? root.querySelector<HTMLDetailsElement>(OPEN) : null;
    if (menu === null) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}

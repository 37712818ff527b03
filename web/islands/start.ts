/** Finds the islands of a page and brings each to life; without scripts the page works as it is. */

/** What an island file exports: it makes one element of the page better. */
type Mount = (element: HTMLElement) => void;

/** `addresses` is filled in where the file is served: the name of each island, and where its code is. */
export default function start(addresses: Readonly<Record<string, string>>): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-island]")) {
    for (const name of element.dataset.island?.split(" ") ?? []) {
      const address = addresses[name];
      if (address !== undefined) {
        void import(address).then((island: { readonly default: Mount }) => island.default(element));
      }
    }
  }
}

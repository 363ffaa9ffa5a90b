// disable-newtab-links: clicks on links with a target open nothing.
() =>
  document.addEventListener("click", (event) => {
    for (let node = event.target; node; node = node.parentNode) {
      if (node.localName === "a" && node.hasAttribute("target")) {
        event.stopPropagation();
        event.preventDefault();
        return;
      }
    }
  })

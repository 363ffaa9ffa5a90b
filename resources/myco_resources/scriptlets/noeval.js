// noeval: eval does nothing.
(kit) => kit.wrap("eval", () => undefined)

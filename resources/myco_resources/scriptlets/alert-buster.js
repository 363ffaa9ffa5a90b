// alert-buster: alert shows nothing.
(kit) => kit.wrap("alert", () => undefined)

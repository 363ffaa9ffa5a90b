// trusted-json-edit, path: removes or fills places of what the page parses.
(kit, ...words) => kit.editJson.parsed(true, ...words)

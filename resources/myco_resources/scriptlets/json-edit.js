// json-edit, path: removes places of what the page parses.
(kit, ...words) => kit.editJson.parsed(false, ...words)

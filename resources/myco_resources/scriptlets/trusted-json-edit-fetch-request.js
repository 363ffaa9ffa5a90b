// trusted-json-edit-fetch-request, path, options: removes or fills places of what such requests send.
(kit, ...words) => kit.editJson.fetchRequest(true, ...words)

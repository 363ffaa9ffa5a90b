// json-edit-fetch-request, path, options: removes places of what such requests send.
(kit, ...words) => kit.editJson.fetchRequest(false, ...words)

// trusted-json-edit-xhr-request, path, options: removes or fills places of what such requests send.
(kit, ...words) => kit.editJson.xhrRequest(true, ...words)

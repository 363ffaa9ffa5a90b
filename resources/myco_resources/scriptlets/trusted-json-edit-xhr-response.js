// trusted-json-edit-xhr-response, path, options: removes or fills places of such answers.
(kit, ...words) => kit.editJson.xhrResponse(true, ...words)

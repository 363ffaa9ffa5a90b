// json-edit-xhr-response, path, options: removes places of such answers.
(kit, ...words) => kit.editJson.xhrResponse(false, ...words)

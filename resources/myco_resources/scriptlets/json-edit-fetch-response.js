// json-edit-fetch-response, path, options: removes places of such answers.
(kit, ...words) => kit.editJson.fetchResponse(false, ...words)

// trusted-json-edit-fetch-response, path, options: removes or fills places of such answers.
(kit, ...words) => kit.editJson.fetchResponse(true, ...words)
